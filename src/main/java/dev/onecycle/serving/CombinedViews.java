package dev.onecycle.serving;

import dev.onecycle.evaluation.TestTimeAugmentation;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.recipe.Tta;
import dev.onecycle.serving.Prediction.Ranked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The views' answers as one.
 *
 * @param scores per label
 * @param agreement share of the views whose best label is the best of {@code scores}
 */
public record CombinedViews(double[] scores, double agreement) {

  /**
   * Combines the views of a picture.
   *
   * @param logits [views, classes], the plain view first
   * @param choice which views they are
   */
  public static CombinedViews of(
      float[] logits, int classes, PredictionOptions options, ViewChoice choice) {
    List<double[]> views = new ArrayList<>();
    for (int offset = 0; offset < logits.length; offset += classes) {
      views.add(TestTimeAugmentation.softmax(logits, offset, classes, options.temperature()));
    }
    double beta = choice.plainWeight(options.beta());
    double[] scores = TestTimeAugmentation.combine(views, options.combine(), beta);
    int best = TestTimeAugmentation.best(scores);
    long agreeing = views.stream().filter(view -> TestTimeAugmentation.best(view) == best).count();
    return new CombinedViews(scores, (double) agreeing / views.size());
  }

  /** Returns the best labels and what speaks for them, as many as asked for. */
  public List<Ranked> ranked(List<String> labels, PredictionOptions options) {
    boolean isScore = options.combine() == Tta.Combine.MAX;
    return top(options.topK()).stream()
        .map(k -> new Ranked(labels.get(k), isScore ? null : scores[k], isScore ? scores[k] : null))
        .toList();
  }

  /** Returns the position of the largest score, the first of equal ones. */
  public int best() {
    return TestTimeAugmentation.best(scores);
  }

  /**
   * Returns positions of the {@code count} largest scores, largest first, equal ones by position.
   */
  List<Integer> top(int count) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer k) -> scores[k]).reversed())
        .limit(count)
        .toList();
  }

  /** Returns how far the largest score is from the next, 0 to 1; there are at least two. */
  double margin() {
    List<Integer> best = top(2);
    return scores[best.get(0)] - scores[best.get(1)];
  }
}
