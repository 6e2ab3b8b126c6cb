package dev.onecycle.run.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a run.
 *
 * @param phase the fit inside the recipe, from 1
 * @param epoch the epoch inside its phase, from 0
 * @param epochs how many the phase has
 * @param step steps done in the whole run
 * @param steps how many the whole run has
 * @param trainLoss smoothed; null where nothing is trained
 * @param imagesPerSecond pictures a second, lately
 * @param etaSeconds how long the rest takes if it goes on as it went on average
 */
public record Progress(
    int phase,
    int epoch,
    int epochs,
    long step,
    long steps,
    @Nullable Double trainLoss,
    double imagesPerSecond,
    double etaSeconds) {

  /**
   * @param before steps that an earlier attempt did
   * @param elapsed since then
   */
  public static Progress of(StepRecord at, long before, Duration elapsed) {
    double left = (double) (at.steps() - at.step()) / Math.max(1, at.step() - before);
    double eta = Math.round(elapsed.toMillis() * left) / 1000.0;
    return new Progress(
        at.phase(),
        at.epoch(),
        at.epochs(),
        at.step(),
        at.steps(),
        at.loss(),
        at.imagesPerSecond(),
        eta);
  }
}
