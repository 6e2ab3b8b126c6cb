package dev.onecycle.training;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A learning-rate range test (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017)
 * as fastai's {@code lr_find} runs it: the rate of step i is {@code 1e-7 * (1e8)^(i/100)}, for 100
 * steps or until the smoothed loss is more than four times its best.
 */
final class LearningRateSweep {

  static final int STEPS = 100;

  private static final double FIRST = 1e-7;
  private static final double LAST = 10;
  private static final double DIVERGED = 4;

  private final SmoothedLoss smoothed = new SmoothedLoss();
  private final double[] rates = new double[STEPS];
  private final double[] losses = new double[STEPS];
  private double best = Double.POSITIVE_INFINITY;
  private int done;
  private boolean diverged;

  /** Returns the learning rate of the step to come. */
  double rate() {
    return FIRST * Math.pow(LAST / FIRST, (double) done / STEPS);
  }

  /** Takes the loss of the step just done. */
  void add(double loss) {
    smoothed.add(loss);
    rates[done] = rate();
    losses[done] = smoothed.value();
    best = Math.min(best, losses[done]);
    diverged = Double.isNaN(losses[done]) || losses[done] > DIVERGED * best;
    done++;
  }

  boolean isOver() {
    return diverged || done == STEPS;
  }

  /** Returns how many steps are done. */
  int done() {
    return done;
  }

  /** Returns the smoothed loss. */
  double loss() {
    return smoothed.value();
  }

  /**
   * Returns what was found.
   *
   * @throws dev.onecycle.platform.Failure.Invalid if it ended too early to suggest anything
   */
  LearningRateCurve curve() {
    int finite = (int) IntStream.range(0, done).takeWhile(i -> Double.isFinite(losses[i])).count();
    // fastai goes on with losses that are no numbers, and then leaves them out.
    boolean wouldGoOn = done > 0 && Double.isNaN(losses[done - 1]);
    int recorded = wouldGoOn ? STEPS : done;
    double[] all = Arrays.copyOf(losses, recorded);
    Arrays.fill(all, wouldGoOn ? finite : recorded, recorded, Double.NaN);
    return new LearningRateCurve(
        Arrays.copyOf(rates, finite),
        Arrays.copyOf(losses, finite),
        LearningRateSuggestion.of(Arrays.copyOf(rates, recorded), all));
  }
}
