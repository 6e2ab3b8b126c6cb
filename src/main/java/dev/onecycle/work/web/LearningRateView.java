package dev.onecycle.work.web;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunState;
import dev.onecycle.run.history.Progress;
import dev.onecycle.training.LearningRateCurve;
import dev.onecycle.training.LearningRateSuggestion;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A sweep of the learning rate as it is shown.
 *
 * @param curve null until it has SUCCEEDED
 * @param suggestion the rates that four rules read from the curve; null until it has SUCCEEDED
 */
record LearningRateView(
    UUID id,
    String name,
    @Nullable UUID dataset,
    RunState state,
    @Nullable Progress progress,
    @Nullable RunFailure failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Curve curve,
    @Nullable LearningRateSuggestion suggestion) {

  /** Learning rates, rising, and the smoothed loss after the step of each. */
  record Curve(double[] learningRates, double[] losses) {}

  static LearningRateView of(Run run, @Nullable LearningRateCurve found) {
    return new LearningRateView(
        run.id(),
        run.spec().name(),
        run.spec().dataset(),
        run.state(),
        run.progress(),
        run.failure(),
        run.createdAt(),
        run.startedAt(),
        run.endedAt(),
        found == null ? null : new Curve(found.learningRates(), found.losses()),
        found == null ? null : found.suggestion());
  }
}
