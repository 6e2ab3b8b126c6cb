package dev.onecycle.training;

/**
 * The training loss as fastai shows it: an exponential average of batch losses, debiased by how
 * many there were. One per fit; never reset between epochs.
 */
public final class SmoothedLoss {

  private static final double BETA = .98;

  private double average;
  private int count;

  /** Takes one batch's loss in. */
  public void add(double loss) {
    count++;
    average = loss + BETA * (average - loss);
  }

  void exchange(StateExchange with) {
    average = with.number("smoothed.average", average);
    count = (int) with.number("smoothed.count", count);
  }

  /** Returns the smoothed loss; NaN before the first batch. */
  public double value() {
    return average / (1 - Math.pow(BETA, count));
  }
}
