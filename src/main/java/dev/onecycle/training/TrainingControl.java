package dev.onecycle.training;

/**
 * The wishes of whoever started a training. Asked between two steps on the thread that trains, so
 * the answers are cheap.
 */
@FunctionalInterface
public interface TrainingControl {

  /** Returns whether to stop. */
  boolean stopRequested();

  /**
   * Returns whether it is time to {@link #keep} the training's state.
   *
   * @param epochEnded whether it is asked between two epochs, and not inside one
   */
  default boolean keepDue(boolean epochEnded) {
    return epochEnded;
  }

  /**
   * Takes the training's state: when that is due, before it stops, and at its end.
   *
   * @param state to be written before this returns
   */
  default void keep(TrainingStateWriter state) {}
}
