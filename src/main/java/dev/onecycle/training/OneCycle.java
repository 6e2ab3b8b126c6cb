package dev.onecycle.training;

/**
 * The one-cycle schedule as fastai anneals it: the learning rate rises from {@code max/div} to
 * {@code max} over the first part of a fit and falls to {@code max/divFinal} over the rest, both
 * along half a cosine; momentum does the opposite. After Smith, "Super-Convergence" (2018).
 *
 * @param learningRate the highest learning rate, reached at {@code pctStart}
 * @param pctStart share of the fit spent rising, in (0, 1)
 * @param momentum at the start, at the peak, at the end
 */
public record OneCycle(
    double learningRate, double pctStart, double div, double divFinal, Momentum momentum) {

  /** Momentum at the three corners of the cycle. */
  public record Momentum(double start, double peak, double end) {
    /** fastai's .95, .85, .95. */
    public static final Momentum FASTAI = new Momentum(.95, .85, .95);
  }

  /** Returns the learning rate at {@code position}: batches done / batches in all, in [0, 1]. */
  public double learningRateAt(double position) {
    return along(position, learningRate / div, learningRate, learningRate / divFinal);
  }

  /** Returns the momentum at {@code position}, as {@link #learningRateAt}. */
  public double momentumAt(double position) {
    return along(position, momentum.start, momentum.peak, momentum.end);
  }

  private double along(double position, double start, double peak, double end) {
    return position < pctStart
        ? cosine(start, peak, position / pctStart)
        : cosine(peak, end, (position - pctStart) / (1 - pctStart));
  }

  private static double cosine(double from, double to, double share) {
    return from + (1 + Math.cos(Math.PI * (1 - share))) * (to - from) / 2;
  }
}
