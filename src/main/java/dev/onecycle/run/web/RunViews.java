package dev.onecycle.run.web;

import dev.onecycle.run.Eta;
import dev.onecycle.run.QueueForecast;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Runs as they are shown, with their places in the queue and when they end. */
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
    return RunView.of(run, position(run), forecast.of(run));
  }

  /** A part of a list. */
  List<RunView> of(List<Run> part) {
    Map<UUID, Eta> etas = forecast.of(part);
    return part.stream()
        .map(run -> RunView.inList(run, position(run), etas.get(run.id())))
        .toList();
  }

  private Long position(Run run) {
    return run.state() == RunState.QUEUED
        ? runs.queuedBefore(run.spec().priority(), run.createdAt()) + 1
        : null;
  }
}
