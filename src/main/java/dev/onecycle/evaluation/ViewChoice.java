package dev.onecycle.evaluation;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A choice of the views of a picture that are looked at. The first is always the plain one. */
public enum ViewChoice {
  /** The plain view alone. */
  NONE("none"),
  /** The plain view and its mirror image, which count the same. */
  FLIP("flip"),
  /** fastai's test-time augmentation: the plain view and 4 views as the training augments. */
  FOUR("4"),
  /** The same with 8. */
  EIGHT("8"),
  /** The plain view, and more only where it leaves doubt. */
  AUTO("auto");

  private final String word;

  ViewChoice(String word) {
    this.word = word;
  }

  /** Returns how callers say it. */
  @JsonValue
  public String word() {
    return word;
  }

  /** One view: its numbers and its crop. */
  public record Drawn(ViewDraw draw, BatchCrop crop) {}

  /**
   * Returns the weight of the plain view in the mean with the others: {@code beta}, unless they are
   * its mirror image alone, which is as good a view.
   */
  public double plainWeight(double beta) {
    return this == FLIP ? 0.5 : beta;
  }

  /** Returns how many views there are; of {@link #AUTO} the first alone. */
  public int count() {
    return this == FLIP ? 2 : 1 + augmented();
  }

  /**
   * Draws the views. The same seed draws the same ones; those of {@link #FOUR} are the first of
   * {@link #EIGHT}.
   */
  public List<Drawn> draw(Augmentation augmentation, int itemSize, Seed seed) {
    BatchCrop whole = BatchCrop.whole(itemSize);
    List<Drawn> views = new ArrayList<>();
    views.add(new Drawn(ViewDraw.PLAIN, whole));
    if (this == FLIP) {
      views.add(new Drawn(ViewDraw.FLIPPED, whole));
    }
    for (int i = 0; i < augmented(); i++) {
      RandomGenerator random = seed.child(i).generator();
      views.add(new Drawn(augmentation.draw(random), augmentation.drawCrop(random, itemSize)));
    }
    return views;
  }

  /** Returns how many augmented views there are beside the plain one. */
  public int augmented() {
    return switch (this) {
      case NONE, FLIP, AUTO -> 0;
      case FOUR -> 4;
      case EIGHT -> 8;
    };
  }
}
