package dev.onecycle.run;

import java.util.UUID;

/**
 * The event that something about a run was committed, by this process or another.
 *
 * @param lastEvent the number of the run's last event
 */
public record RunChanged(UUID run, int attempt, RunState state, long lastEvent) {

  static RunChanged of(Run run) {
    return new RunChanged(run.id(), run.attempt(), run.state(), run.lastEvent());
  }
}
