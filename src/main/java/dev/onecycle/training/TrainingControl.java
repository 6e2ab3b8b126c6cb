package dev.onecycle.training;

/**
 * What whoever started a training wants of it. Asked between two steps on the thread that trains,
 * so the answers are cheap.
 */
@FunctionalInterface
public interface TrainingControl {

  /** Whether to stop. */
  boolean stopRequested();

  /**
   * Whether it is time to {@link #keep} the training's state.
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
