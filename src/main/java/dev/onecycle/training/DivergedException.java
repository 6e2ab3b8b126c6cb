package dev.onecycle.training;

/**
 * A loss that became infinite, not a number, or far worse than guessing for long: nothing that
 * follows would mean anything.
 */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private DivergedException(String what, long step, double learningRate) {
    super("the loss " + what + " at step " + step + ", learning rate " + learningRate);
  }

  static DivergedException noNumber(long step, double learningRate) {
    return new DivergedException("is no longer a number", step, learningRate);
  }

  static DivergedException exploded(double loss, long step, double learningRate) {
    return new DivergedException("exploded to " + loss, step, learningRate);
  }
}
