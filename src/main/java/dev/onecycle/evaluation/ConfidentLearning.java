package dev.onecycle.evaluation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels that are probably wrong, and how many there are, from a network's opinions of pictures
 * that it was not trained on: confident learning (Northcutt, Jiang and Chuang: "Confident Learning:
 * Estimating Uncertainty in Dataset Labels", 2021). A network is confident of a label where it
 * gives it at least the mean of what it gives that label on the pictures that have it.
 */
public final class ConfidentLearning {

  private final double[] thresholds;
  private final int[] pictures;

  /** How often pictures of one label are confidently another, by both. */
  private final Map<Integer, Map<Integer, Integer>> joint = new HashMap<>();

  /**
   * Learns from opinions.
   *
   * @param labels how many there are
   */
  public ConfidentLearning(List<Opinion> opinions, int labels) {
    double[] sums = new double[labels];
    pictures = new int[labels];
    for (Opinion opinion : opinions) {
      sums[opinion.given()] += opinion.own();
      pictures[opinion.given()]++;
    }
    thresholds = new double[labels];
    Arrays.setAll(
        thresholds,
        label -> pictures[label] == 0 ? Double.POSITIVE_INFINITY : sums[label] / pictures[label]);
    for (Opinion opinion : opinions) {
      int confident = confident(opinion);
      if (confident >= 0) {
        joint
            .computeIfAbsent(opinion.given(), given -> new HashMap<>())
            .merge(confident, 1, Integer::sum);
      }
    }
  }

  /** Returns the label that the network is confident of, the most probable one; -1 for none. */
  public int confident(Opinion opinion) {
    for (int i = 0; i < opinion.likely().length; i++) {
      if (opinion.probabilities()[i] >= thresholds[opinion.likely()[i]]) {
        return opinion.likely()[i];
      }
    }
    return -1;
  }

  /** Returns how many of a label's pictures are probably of another. */
  public double wrong(int label) {
    Map<Integer, Integer> row = joint.getOrDefault(label, Map.of());
    int all = row.values().stream().mapToInt(count -> count).sum();
    int own = row.getOrDefault(label, 0);
    return all == 0 ? 0 : (double) pictures[label] * (all - own) / all;
  }

  /** Returns the label that its wrong pictures most often have in truth; null for none. */
  public @Nullable Integer mostOften(int label) {
    return joint.getOrDefault(label, Map.of()).entrySet().stream()
        .filter(cell -> cell.getKey() != label)
        .max(
            Map.Entry.<Integer, Integer>comparingByValue()
                .thenComparing(Map.Entry.<Integer, Integer>comparingByKey().reversed()))
        .map(Map.Entry::getKey)
        .orElse(null);
  }

  /** Returns how many pictures have a label. */
  public int pictures(int label) {
    return pictures[label];
  }
}
