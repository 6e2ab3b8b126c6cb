package dev.onecycle.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What a network answered about the same pictures, looked at in several ways.
 *
 * @param plain as validation looks at them
 * @param augmented other views, at least one
 */
public record ViewedAnswers(LabelledLogits plain, List<LabelledLogits> augmented) {

  /** The share told right by {@link TestTimeAugmentation#mean}, 0 to 1. */
  public double accuracyOfMean(double beta) {
    return accuracy(i -> TestTimeAugmentation.mean(augmented(i), probabilities(plain, i), beta));
  }

  /** The share told right by {@link TestTimeAugmentation#maximum} of all views, 0 to 1. */
  public double accuracyOfMaximum() {
    return accuracy(
        i -> {
          List<double[]> views = new ArrayList<>(augmented(i));
          views.add(probabilities(plain, i));
          return TestTimeAugmentation.maximum(views);
        });
  }

  private List<double[]> augmented(int picture) {
    return augmented.stream().map(view -> probabilities(view, picture)).toList();
  }

  private static double[] probabilities(LabelledLogits view, int picture) {
    return TestTimeAugmentation.softmax(view.logits(), picture * view.classes(), view.classes());
  }

  private double accuracy(IntFunction<double[]> scores) {
    int right = 0;
    for (int i = 0; i < plain.size(); i++) {
      right += best(scores.apply(i)) == plain.labels()[i] ? 1 : 0;
    }
    return (double) right / plain.size();
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int k = 1; k < scores.length; k++) {
      best = scores[k] > scores[best] ? k : best;
    }
    return best;
  }
}
