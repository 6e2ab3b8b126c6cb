package dev.onecycle.run.web;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.RunWorks;
import dev.onecycle.run.Runs;
import dev.onecycle.run.forecast.QueueForecast;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Runs as they are shown. */
@Component
public class RunViews {

  private final Runs runs;
  private final RunWorks works;
  private final QueueForecast forecast;

  RunViews(Runs runs, RunWorks works, QueueForecast forecast) {
    this.runs = runs;
    this.works = works;
    this.forecast = forecast;
  }

  /**
   * Returns one run, with its place in the queue and when it ends.
   *
   * @throws dev.onecycle.platform.Failure.NotFound if there is none
   */
  public RunView of(UUID id) {
    Run run = runs.withTransitions(id).orElseThrow(() -> RunController.notFound(id));
    Long position =
        run.state() == RunState.QUEUED
            ? runs.queuedBefore(run.pool(), run.spec().priority(), run.createdAt()) + 1
            : null;
    return RunView.of(run, trains(run), position, forecast.of(run), run.transitions());
  }

  RunView inList(Run run) {
    return RunView.of(run, trains(run), null, null, null);
  }

  private boolean trains(Run run) {
    return works.asks(run.spec().kind(), Recipe.class);
  }
}
