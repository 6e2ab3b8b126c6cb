package dev.onecycle.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The counts of how often each label was predicted as each.
 *
 * @param labels in the order of rows and columns
 * @param counts [classes, classes]: rows are the true labels, columns the predicted ones; not
 *     copied
 */
public record ConfusionMatrix(List<String> labels, int[][] counts) {

  /** Pictures of one label that were predicted as another. */
  public record Confusion(String actual, String predicted, int count) {}

  /**
   * The precision, recall and F1 of one label. With nothing predicted, or nothing there, the ratio
   * is 0.
   *
   * @param precision right predictions among the predictions of this label
   * @param recall right predictions among the pictures of this label
   * @param f1 harmonic mean of the two
   * @param support pictures of this label
   */
  public record LabelScore(String label, double precision, double recall, double f1, int support) {}

  /**
   * Checks the shape.
   *
   * @throws IllegalArgumentException if the matrix is not square over the labels
   */
  public ConfusionMatrix {
    labels = List.copyOf(labels);
    for (int[] row : counts) {
      if (counts.length != labels.size() || row.length != labels.size()) {
        throw new IllegalArgumentException(
            counts.length + " rows of " + row.length + " for " + labels.size() + " labels");
      }
    }
  }

  /**
   * Counts the predictions of {@code answers}.
   *
   * @throws IllegalArgumentException if there are other labels
   */
  public static ConfusionMatrix of(List<String> labels, LabelledLogits answers) {
    int[][] counts = new int[answers.classes()][answers.classes()];
    for (int i = 0; i < answers.size(); i++) {
      counts[answers.labels()[i]][answers.predicted(i)]++;
    }
    return new ConfusionMatrix(labels, counts);
  }

  /**
   * Returns each row divided by its sum: [classes, classes] in 0 to 1. A label without pictures has
   * 0.
   */
  public double[][] normalized() {
    double[][] shares = new double[counts.length][counts.length];
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        shares[actual][predicted] = ratio(counts[actual][predicted], actual(actual));
      }
    }
    return shares;
  }

  /**
   * Returns every confusion of at least {@code minimum} pictures, most first, then by row and
   * column.
   */
  public List<Confusion> mostConfused(int minimum) {
    List<Confusion> found = new ArrayList<>();
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        int count = counts[actual][predicted];
        if (actual != predicted && count >= minimum) {
          found.add(new Confusion(labels.get(actual), labels.get(predicted), count));
        }
      }
    }
    found.sort(Comparator.comparingInt(Confusion::count).reversed());
    return found;
  }

  /** Returns one score per label, in the order of the labels. */
  public List<LabelScore> scores() {
    List<LabelScore> scores = new ArrayList<>();
    for (int label = 0; label < counts.length; label++) {
      int right = counts[label][label];
      double precision = ratio(right, predicted(label));
      double recall = ratio(right, actual(label));
      double f1 = ratio(2 * right, predicted(label) + actual(label));
      scores.add(new LabelScore(labels.get(label), precision, recall, f1, actual(label)));
    }
    return scores;
  }

  private int actual(int label) {
    int sum = 0;
    for (int count : counts[label]) {
      sum += count;
    }
    return sum;
  }

  private int predicted(int label) {
    int sum = 0;
    for (int[] row : counts) {
      sum += row[label];
    }
    return sum;
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
