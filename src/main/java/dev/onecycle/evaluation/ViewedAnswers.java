package dev.onecycle.evaluation;

import dev.onecycle.recipe.Tta;
import java.util.List;
import java.util.stream.Stream;

/**
 * The logits of a network for the same pictures, looked at in several ways.
 *
 * @param plain as validation looks at them
 * @param augmented other views, at least one
 */
public record ViewedAnswers(LabelledLogits plain, List<LabelledLogits> augmented) {

  /** Returns the share classified correctly by {@link TestTimeAugmentation#combine}, 0 to 1. */
  public double accuracy(Tta.Combine how, double beta) {
    return (double) right(how, beta) / plain.size();
  }

  /** Returns how many are. */
  public int right(Tta.Combine how, double beta) {
    int right = 0;
    for (int i = 0; i < plain.size(); i++) {
      double[] scores = TestTimeAugmentation.combine(views(i), how, beta);
      right += TestTimeAugmentation.best(scores) == plain.labels()[i] ? 1 : 0;
    }
    return right;
  }

  private List<double[]> views(int picture) {
    return Stream.concat(Stream.of(plain), augmented.stream())
        .map(view -> probabilities(view, picture))
        .toList();
  }

  private static double[] probabilities(LabelledLogits view, int picture) {
    return TestTimeAugmentation.softmax(view.logits(), picture * view.classes(), view.classes());
  }
}
