package dev.onecycle.training;

/**
 * What whoever started a training wants of it. Asked between two steps on the thread that trains,
 * so the answers are cheap.
 */
@FunctionalInterface
public interface TrainingControl {

  /** Whether to stop. */
  boolean stopRequested();

  /** Whether it is time to {@link #keep} the training's state although no epoch has ended. */
  default boolean keepDue() {
    return false;
  }

  /**
   * Takes the training's state: after every epoch, when it is due, and before it stops.
   *
   * @param state to be written before this returns
   */
  default void keep(TrainingStateWriter state) {}
}
