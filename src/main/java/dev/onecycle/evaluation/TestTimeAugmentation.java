package dev.onecycle.evaluation;

import dev.onecycle.recipe.Tta;
import java.util.List;

/**
 * The rule by which several views of one picture become one answer, as fastai's {@code Learner.tta}
 * has it. Views are given as probabilities over the labels.
 */
public final class TestTimeAugmentation {

  private TestTimeAugmentation() {}

  /**
   * Combines the views of a picture.
   *
   * @param views the plain one first; it alone is the answer where there are no others
   * @param beta weight of the plain view in a mean, 0 to 1
   */
  public static double[] combine(List<double[]> views, Tta.Combine how, double beta) {
    if (views.size() == 1) {
      return views.get(0);
    }
    return switch (how) {
      case MEAN -> mean(views.subList(1, views.size()), views.get(0), beta);
      case MAX -> maximum(views);
    };
  }

  /** Returns the position of the largest score, the first of equal ones. */
  public static int best(double[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) {
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }

  /**
   * Computes {@code aug + beta * (plain - aug)} with {@code aug} the mean of the augmented views.
   *
   * @param augmented at least one view
   * @param beta weight of the plain view, 0 to 1
   * @return probabilities, summing to 1 as those of the views do
   */
  static double[] mean(List<double[]> augmented, double[] plain, double beta) {
    double[] combined = new double[plain.length];
    for (int k = 0; k < combined.length; k++) {
      double sum = 0;
      for (double[] view : augmented) {
        sum += view[k];
      }
      double mean = sum / augmented.size();
      combined[k] = mean + beta * (plain[k] - mean);
    }
    return combined;
  }

  /**
   * Returns the largest probability that any view gives each label: fastai's {@code use_max}.
   *
   * @param views all views, at least one
   * @return scores in 0 to 1 that do not sum to 1
   */
  static double[] maximum(List<double[]> views) {
    double[] largest = views.get(0).clone();
    for (double[] view : views) {
      for (int k = 0; k < largest.length; k++) {
        largest[k] = Math.max(largest[k], view[k]);
      }
    }
    return largest;
  }

  /** Returns the softmax of the {@code classes} logits from {@code offset}. */
  public static double[] softmax(float[] logits, int offset, int classes) {
    return softmax(logits, offset, classes, 1);
  }

  /**
   * Returns the same of logits divided by {@code temperature}, which leaves their order as it is;
   * see {@link Calibration}.
   */
  public static double[] softmax(float[] logits, int offset, int classes, double temperature) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      largest = Math.max(largest, logits[offset + k]);
    }
    double[] probabilities = new double[classes];
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[k] = Math.exp((logits[offset + k] - largest) / temperature);
      sum += probabilities[k];
    }
    for (int k = 0; k < classes; k++) {
      probabilities[k] /= sum;
    }
    return probabilities;
  }
}
