package dev.onecycle.training;

import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.evaluation.ViewedAnswers;
import dev.onecycle.recipe.Tta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The accuracy and the cost of each choice of test-time augmentation that a prediction has.
 *
 * @param pictures how many of the validation pictures this was measured on
 */
public record TtaMenu(int pictures, List<Choice> choices) {

  private static final List<ViewChoice> CHOICES =
      List.of(ViewChoice.NONE, ViewChoice.FLIP, ViewChoice.FOUR, ViewChoice.EIGHT);

  /** How many views of each picture it looks at: choices share them. */
  public static final int PASSES = ViewChoice.FLIP.count() + ViewChoice.EIGHT.augmented();

  /**
   * One choice.
   *
   * @param tta as a prediction's parameter {@code tta} says it
   * @param views how many views of each picture it takes, the plain one among them
   * @param accuracy share of the pictures classified correctly, 0 to 1
   * @param msPerImage from decoding to logits, in batches on this machine
   */
  public record Choice(String tta, int views, double accuracy, double msPerImage) {}

  /** Measures all choices on {@code answers}: ten passes over its pictures. */
  public static TtaMenu of(ViewLogits answers) {
    return new TtaMenu(
        answers.size(), CHOICES.stream().map(views -> choice(answers, views)).toList());
  }

  private static Choice choice(ViewLogits answers, ViewChoice views) {
    ViewLogits.Answers plain = answers.plain();
    List<ViewLogits.Answers> others = new ArrayList<>();
    if (views == ViewChoice.FLIP) {
      others.add(answers.mirrored());
    }
    for (int view = 0; view < views.augmented(); view++) {
      others.add(answers.augmented(view));
    }
    List<LabelledLogits> logits = others.stream().map(ViewLogits.Answers::logits).toList();
    double accuracy =
        others.isEmpty()
            ? plain.logits().accuracy()
            : new ViewedAnswers(plain.logits(), logits)
                .accuracy(Tta.Combine.MEAN, views.plainWeight(Tta.BETA));
    Duration took =
        others.stream().map(ViewLogits.Answers::took).reduce(plain.took(), Duration::plus);
    double each = took.toNanos() / 1e6 / plain.logits().size();
    return new Choice(views.word(), views.count(), accuracy, Math.round(each * 1e3) / 1e3);
  }
}
