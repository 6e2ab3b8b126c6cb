package dev.onecycle.work.web;

import dev.onecycle.evaluation.Calibration;
import dev.onecycle.evaluation.ConfusionMatrix;
import dev.onecycle.training.TtaMenu;
import dev.onecycle.work.Evaluation;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An {@link Evaluation} as it is shown, with links to the pictures. */
record EvaluationView(
    UUID run,
    UUID checkpoint,
    @Nullable Integer phase,
    @Nullable Integer epoch,
    boolean leaky,
    int pictures,
    @Nullable Double loss,
    double accuracy,
    @Nullable Double ttaAccuracy,
    ConfusionMatrix confusionMatrix,
    List<ConfusionMatrix.LabelScore> labels,
    List<ConfusionMatrix.Confusion> mostConfused,
    List<TopLoss> topLosses,
    Calibration calibration,
    TtaMenu tta) {

  /** A picture that the network is wrong about, and where it can be seen. */
  record TopLoss(String image, String actual, String predicted, double loss, double probability) {

    static TopLoss of(UUID dataset, Evaluation.TopPicture picture) {
      return new TopLoss(
          EvaluationView.image(dataset, picture.image()),
          picture.actual(),
          picture.predicted(),
          picture.loss(),
          picture.probability());
    }
  }

  /** Where a picture of a dataset can be seen. */
  static String image(UUID dataset, int number) {
    return "/api/v1/datasets/" + dataset + "/images/" + number;
  }

  static EvaluationView of(UUID run, UUID dataset, Evaluation found) {
    return new EvaluationView(
        run,
        found.checkpoint(),
        found.phase(),
        found.epoch(),
        found.leaky(),
        found.pictures(),
        found.loss(),
        found.accuracy(),
        found.ttaAccuracy(),
        found.confusionMatrix(),
        found.labels(),
        found.mostConfused(),
        found.topLosses().stream().map(picture -> TopLoss.of(dataset, picture)).toList(),
        found.calibration(),
        found.tta());
  }
}
