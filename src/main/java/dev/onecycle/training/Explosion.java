package dev.onecycle.training;

/**
 * The detection of a loss that explodes without becoming infinite: for fifty batches in a row it is
 * more than ten times the fit's best smoothed loss, and more than three times {@code ln(classes)},
 * the loss of guessing.
 *
 * <p>Fifty batches are the memory of the smoothed loss: neither one bad batch nor a spike that
 * training recovers from lasts so long. Both bounds are needed: a loss that was almost nothing may
 * grow tenfold and still be good, and a network may begin with more than guessing costs.
 */
final class Explosion {

  private static final int BATCHES = 50;
  private static final double TIMES_BEST = 10;
  private static final double TIMES_GUESSING = 3;

  private final double guessing;
  private double best = Double.POSITIVE_INFINITY;
  private int above;

  Explosion(int classes) {
    guessing = Math.log(classes);
  }

  /** Returns whether it has exploded, after a batch of that loss. */
  boolean after(double loss, double smoothed) {
    best = Math.min(best, smoothed);
    above = loss > Math.max(TIMES_BEST * best, TIMES_GUESSING * guessing) ? above + 1 : 0;
    return above >= BATCHES;
  }

  void exchange(StateExchange with) {
    best = with.number("explosion.best", best);
    above = (int) with.number("explosion.above", above);
  }
}
