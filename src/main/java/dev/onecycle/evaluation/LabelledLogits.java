package dev.onecycle.evaluation;

import java.util.stream.IntStream;

/**
 * The logits of a network for pictures whose labels are known.
 *
 * @param logits [N, classes] row-major, any finite numbers; not copied, not to be changed
 * @param labels [N] the true label of each picture as a position in the ordered labels; not copied
 * @param classes how many labels there are, at least 1
 */
public record LabelledLogits(float[] logits, int[] labels, int classes) {

  /**
   * Checks shapes and labels.
   *
   * @throws IllegalArgumentException if there is no picture, or shapes or labels do not fit
   */
  public LabelledLogits {
    if (labels.length == 0 || classes < 1) {
      throw new IllegalArgumentException(
          labels.length + " pictures of " + classes + " classes: nothing to evaluate");
    }
    if (logits.length != (long) labels.length * classes) {
      throw new IllegalArgumentException(
          logits.length + " logits for " + labels.length + " pictures of " + classes + " classes");
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException("label " + label + " of " + classes + " classes");
      }
    }
  }

  /** Returns how many pictures there are. */
  public int size() {
    return labels.length;
  }

  /** Returns the label with the largest logit of picture {@code index}, the first of equal ones. */
  public int predicted(int index) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (logit(index, k) > logit(index, best)) {
        best = k;
      }
    }
    return best;
  }

  /** Returns the softmax of picture {@code index} at {@code label}. */
  public double probability(int index, int label) {
    return probability(index, label, 1);
  }

  /**
   * Returns the cross-entropy of picture {@code index}: {@code -ln(softmax(logits)[label])}, at
   * least 0.
   */
  public double loss(int index) {
    return logSumExp(index, 1) - logit(index, labels[index]);
  }

  /** Returns the mean of the pictures' losses. */
  public double meanLoss() {
    return IntStream.range(0, size()).mapToDouble(this::loss).sum() / size();
  }

  /** Returns the share of pictures whose predicted label is the true one, 0 to 1. */
  public double accuracy() {
    int right = 0;
    for (int i = 0; i < size(); i++) {
      if (predicted(i) == labels[i]) {
        right++;
      }
    }
    return (double) right / size();
  }

  /** Returns the softmax of the logits times {@code scale}. */
  double probability(int index, int label, double scale) {
    return Math.exp(scale * logit(index, label) - logSumExp(index, scale));
  }

  float logit(int index, int label) {
    return logits[index * classes + label];
  }

  /**
   * Computes {@code ln(sum(exp(scale * logits)))}, shifted by its largest term so that nothing
   * overflows.
   */
  double logSumExp(int index, double scale) {
    double largest = scale * logit(index, predicted(index));
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += Math.exp(scale * logit(index, k) - largest);
    }
    return largest + Math.log(sum);
  }
}
