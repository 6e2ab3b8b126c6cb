package dev.onecycle.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of the pictures that a network is most wrong about.
 *
 * @param index of the picture among those evaluated
 * @param actual its label
 * @param predicted the label that the network gives it
 * @param loss its cross-entropy
 * @param probability of the predicted label
 */
public record TopLoss(int index, int actual, int predicted, double loss, double probability) {

  /**
   * Returns the {@code most} largest losses, largest first, equal ones in the order of the
   * pictures.
   */
  public static List<TopLoss> of(LabelledLogits answers, int most) {
    return IntStream.range(0, answers.size())
        .mapToObj(index -> at(answers, index))
        .sorted(Comparator.comparingDouble(TopLoss::loss).reversed())
        .limit(most)
        .toList();
  }

  private static TopLoss at(LabelledLogits answers, int index) {
    int predicted = answers.predicted(index);
    return new TopLoss(
        index,
        answers.labels()[index],
        predicted,
        answers.loss(index),
        answers.probability(index, predicted));
  }
}
