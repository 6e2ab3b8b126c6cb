package dev.onecycle.work;

import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.evaluation.Assessment;
import dev.onecycle.evaluation.Calibration;
import dev.onecycle.evaluation.ConfusionMatrix;
import dev.onecycle.evaluation.Verdict;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.output.PictureAnswer;
import dev.onecycle.training.TtaMenu;
import java.util.List;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The worth of weights on pictures whose labels are known: a training run's best ones on its
 * validation pictures, a checkpoint's on those that it was to be evaluated on.
 *
 * @param checkpoint the weights
 * @param phase the phase of the recipe that they come from, from 1; null for weights from elsewhere
 * @param epoch the epoch inside it, from 0; null for weights from elsewhere
 * @param leaky whether they were trained on some of the pictures
 * @param pictures how many there are
 * @param loss mean cross-entropy; null in evaluations older than this number
 * @param accuracy share told right, 0 to 1, without test-time augmentation
 * @param ttaAccuracy the same with what was asked for, or null where that is none
 * @param confusionMatrix rows are the true labels
 * @param labels precision, recall and F1 of each label
 * @param mostConfused pairs of labels, most often confused first
 * @param topLosses the pictures that the network is most wrong about
 * @param calibration whether its probabilities mean what they say
 * @param tta what test-time augmentation brings and costs: each choice, or the one asked for
 */
public record Evaluation(
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
    List<TopPicture> topLosses,
    Calibration calibration,
    TtaMenu tta) {

  private static final int TOP_LOSSES = 25;
  private static final int MOST_CONFUSED = 50;

  /** The weights whose evaluation it is; the fields mean the same here and there. */
  public record Subject(
      UUID checkpoint, @Nullable Integer phase, @Nullable Integer epoch, boolean leaky) {}

  /**
   * Evaluates the answers without test-time augmentation.
   *
   * @param labels of the weights, in the order of their logits
   * @param image the number in the dataset of each picture that was answered
   */
  public static Evaluation of(
      Subject subject,
      List<String> labels,
      Assessment plain,
      IntUnaryOperator image,
      @Nullable Double ttaAccuracy,
      TtaMenu tta) {
    ConfusionMatrix confusion = ConfusionMatrix.of(labels, plain.verdicts());
    return new Evaluation(
        subject.checkpoint,
        subject.phase,
        subject.epoch,
        subject.leaky,
        plain.size(),
        plain.meanLoss(),
        plain.accuracy(),
        ttaAccuracy,
        confusion,
        confusion.scores(),
        confusion.mostConfused(1).stream().limit(MOST_CONFUSED).toList(),
        Verdict.topLosses(plain.verdicts(), TOP_LOSSES).stream()
            .map(top -> top(top, labels, image))
            .toList(),
        plain.calibration(),
        tta);
  }

  private static TopPicture top(Verdict loss, List<String> labels, IntUnaryOperator image) {
    return new TopPicture(
        image.applyAsInt(loss.index()),
        labels.get(loss.actual()),
        labels.get(loss.predicted()),
        loss.loss(),
        loss.probability());
  }

  /** What is kept of each picture, as {@link #of} has it. */
  static List<PictureAnswer> answers(Assessment plain, IntUnaryOperator image) {
    return Verdict.topLosses(plain.verdicts(), plain.size()).stream()
        .map(
            picture ->
                new PictureAnswer(
                    image.applyAsInt(picture.index()),
                    picture.actual(),
                    picture.predicted(),
                    picture.loss(),
                    picture.probability()))
        .toList();
  }

  /**
   * Keeps it as the run's result, and the temperature that it fitted with the weights: not a leaky
   * one's, for a network is surer of itself on pictures that it was trained on than it should be
   * elsewhere.
   */
  public void keep(RunContext context) {
    context.result(this);
    if (!leaky) {
      context.temperature(
          checkpoint, new Temperature(calibration.temperature(), pictures, context.run()));
    }
  }

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
