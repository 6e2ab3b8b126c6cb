package dev.onecycle.checkpoint;

import java.util.UUID;

/**
 * The moment of a run that weights come from.
 *
 * @param attempt which start of the run, from 1
 * @param phase which phase of its recipe, from 1
 * @param epoch how many epochs of that phase were done
 */
public record Origin(UUID run, int attempt, int phase, int epoch) {

  /**
   * Returns the moment after an epoch.
   *
   * @param index of the epoch inside its phase, from 0
   */
  public static Origin after(UUID run, int attempt, int phase, int index) {
    return new Origin(run, attempt, phase, index + 1);
  }

  /** Returns the epoch that was the last, inside its phase, from 0. */
  public int lastEpoch() {
    return epoch - 1;
  }
}
