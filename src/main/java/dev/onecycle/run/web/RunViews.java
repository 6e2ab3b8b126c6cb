package dev.onecycle.run.web;

import dev.onecycle.run.QueueForecast;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** One run as it is shown, with its place in the queue and when it ends. */
@Component
class RunViews {

  private final Runs runs;
  private final QueueForecast forecast;

  RunViews(Runs runs, QueueForecast forecast) {
    this.runs = runs;
    this.forecast = forecast;
  }

  /** Throws {@link dev.onecycle.platform.Failure.NotFound} if there is none. */
  RunView of(UUID id) {
    Run run = runs.withTransitions(id).orElseThrow(() -> RunController.notFound(id));
    Long position =
        run.state() == RunState.QUEUED
            ? runs.queuedBefore(run.pool(), run.spec().priority(), run.createdAt()) + 1
            : null;
    return RunView.of(run, position, forecast.of(run));
  }
}
