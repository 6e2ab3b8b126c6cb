package dev.onecycle.work.web;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run that a model was asked for; everything else about it is at its Location.
 *
 * @param checkpoint what the model served when it was asked
 * @param warnings what is doubtful about it
 */
record SubmittedRun(
    UUID id,
    String kind,
    String name,
    @Nullable UUID checkpoint,
    List<String> warnings,
    RunState state) {

  static SubmittedRun of(Run run) {
    return new SubmittedRun(
        run.id(),
        run.spec().kind(),
        run.spec().name(),
        run.spec().from(),
        run.warnings(),
        run.state());
  }
}
