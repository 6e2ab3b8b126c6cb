package dev.onecycle.run;

import dev.onecycle.evaluation.Calibration;
import dev.onecycle.evaluation.ConfusionMatrix;
import dev.onecycle.training.TtaMenu;
import java.util.List;
import java.util.UUID;

/**
 * What a run's best weights are worth on their validation pictures.
 *
 * @param checkpoint the weights
 * @param phase the phase of the recipe that they come from, from 1
 * @param epoch the epoch inside it, from 0
 * @param leaky whether an earlier phase trained on some of the pictures
 * @param pictures how many there are
 * @param accuracy share told right, 0 to 1, without test-time augmentation
 * @param ttaAccuracy the same with the recipe's, or null where it asks for none
 * @param confusionMatrix rows are the true labels
 * @param labels precision, recall and F1 of each label
 * @param mostConfused pairs of labels, most often confused first
 * @param topLosses the pictures that the network is most wrong about
 * @param calibration whether its probabilities mean what they say
 * @param tta what each choice of test-time augmentation brings and costs
 */
public record Evaluation(
    UUID checkpoint,
    int phase,
    int epoch,
    boolean leaky,
    int pictures,
    double accuracy,
    Double ttaAccuracy,
    ConfusionMatrix confusionMatrix,
    List<ConfusionMatrix.LabelScore> labels,
    List<ConfusionMatrix.Confusion> mostConfused,
    List<TopPicture> topLosses,
    Calibration calibration,
    TtaMenu tta) {

  /**
   * A picture that the network is wrong about.
   *
   * @param image its number in the dataset
   * @param loss its cross-entropy
   * @param probability of the predicted label
   */
  public record TopPicture(
      int image, String actual, String predicted, double loss, double probability) {}
}
