package dev.onecycle.training;

/** The loss became infinite or not a number: nothing that follows would mean anything. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  DivergedException(long step, double learningRate) {
    super("the loss is no longer a number at step " + step + ", learning rate " + learningRate);
  }
}
