package dev.onecycle.work;

import dev.onecycle.evaluation.Assessment;
import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.serving.CombinedViews;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.work.AnswerBatches.Answer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The findings of an evaluation, picture by picture in order. */
final class Findings {

  private final int[] labels;
  private final int classes;
  private final PredictionOptions options;
  private final Assessment plain;
  private int answered;
  private int right;

  /**
   * @param labels of the pictures, as positions among the checkpoint's
   * @param classes how many labels the checkpoint has
   */
  Findings(int[] labels, int classes, PredictionOptions options) {
    this.labels = labels;
    this.classes = classes;
    this.options = options;
    plain = new Assessment(labels.length, classes);
  }

  /** Adds the answer about the next picture; throws what its problem is. */
  void add(Answer answer) {
    float[] logits = answer.required();
    int[] label = {labels[answered]};
    plain.add(new LabelledLogits(Arrays.copyOf(logits, classes), label, classes));
    int best = CombinedViews.of(logits, classes, options, options.views()).best();
    right += best == labels[answered] ? 1 : 0;
    answered++;
  }

  /** Returns the answers about the plain views. */
  Assessment plain() {
    return plain;
  }

  /**
   * Returns the share told right with all views, 0 to 1; null where the plain one is the only one.
   */
  @Nullable Double ttaAccuracy() {
    return options.views() == ViewChoice.NONE ? null : accuracy();
  }

  /** Returns what the views are worth that were looked at, and what they cost. */
  TtaMenu menu(double msPerPicture) {
    ViewChoice views = options.views();
    double rounded = Math.round(msPerPicture * 1e3) / 1e3;
    return new TtaMenu(
        labels.length,
        List.of(new TtaMenu.Choice(views.word(), views.count(), accuracy(), rounded)));
  }

  private double accuracy() {
    return (double) right / labels.length;
  }
}
