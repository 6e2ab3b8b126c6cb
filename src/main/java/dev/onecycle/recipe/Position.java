package dev.onecycle.recipe;

/**
 * A place in a training's sequence of phases, epochs and steps.
 *
 * @param phase from 1; one more than the recipe has once all of them are done
 * @param epoch inside its phase, from 0
 * @param step how many of the epoch's steps are done; all of them where only its validation is
 *     missing
 */
public record Position(int phase, int epoch, int step) {

  /** Where every training begins. */
  public static final Position START = new Position(1, 0, 0);

  /** Returns whether that epoch is done, its validation included. */
  public boolean isPast(int phase, int epoch) {
    return this.phase > phase || (this.phase == phase && this.epoch > epoch);
  }

  public Position nextStep() {
    return new Position(phase, epoch, step + 1);
  }

  public Position nextEpoch() {
    return new Position(phase, epoch + 1, 0);
  }

  public Position nextPhase() {
    return new Position(phase + 1, 0, 0);
  }

  /** Returns the position before the first step of the same epoch. */
  public Position startOfEpoch() {
    return new Position(phase, epoch, 0);
  }
}
