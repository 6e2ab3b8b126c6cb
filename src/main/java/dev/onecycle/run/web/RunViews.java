package dev.onecycle.run.web;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.RunWorks;
import dev.onecycle.run.Runs;
import dev.onecycle.run.forecast.Eta;
import dev.onecycle.run.forecast.QueueForecast;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Runs as they are shown, with their places in the queue and when they end. */
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
    Run run = runs.requiredWithTransitions(id);
    return RunView.of(run, trains(run), position(run), forecast.of(run), run.transitions());
  }

  /** Returns a part of a list. */
  List<RunView> of(List<Run> part) {
    Map<UUID, Eta> etas = forecast.of(part);
    return part.stream()
        .map(run -> RunView.of(run, trains(run), position(run), etas.get(run.id()), null))
        .toList();
  }

  private @Nullable Long position(Run run) {
    return run.state() == RunState.QUEUED
        ? runs.queuedBefore(run.pool(), run.spec().priority(), run.createdAt()) + 1
        : null;
  }

  private boolean trains(Run run) {
    return works.asks(run.spec().kind(), Recipe.class);
  }
}
