package dev.onecycle.evaluation;

import java.util.Comparator;
import java.util.List;

/**
 * What a network says of one picture whose label is known.
 *
 * @param index of the picture among those evaluated
 * @param actual its label
 * @param predicted the label that the network gives it
 * @param loss its cross-entropy
 * @param probability of the predicted label
 */
public record Verdict(int index, int actual, int predicted, double loss, double probability) {

  /**
   * Returns the {@code most} with the largest losses, largest first, equal ones in their order in
   * {@code verdicts}.
   */
  public static List<Verdict> topLosses(List<Verdict> verdicts, int most) {
    return verdicts.stream()
        .sorted(Comparator.comparingDouble(Verdict::loss).reversed())
        .limit(most)
        .toList();
  }

  /**
   * @param index which of {@code answers} it is
   * @param number its index among all that are evaluated
   */
  static Verdict of(LabelledLogits answers, int index, int number) {
    int predicted = answers.predicted(index);
    return new Verdict(
        number,
        answers.labels()[index],
        predicted,
        answers.loss(index),
        answers.probability(index, predicted));
  }
}
