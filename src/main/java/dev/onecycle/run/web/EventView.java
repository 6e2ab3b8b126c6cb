package dev.onecycle.run.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.onecycle.run.RunEvent;
import dev.onecycle.run.Transition;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;

/**
 * An event as it is shown.
 *
 * @param id its number in the run, from 1 without gaps
 * @param type one of state, epoch, step, checkpoint, log
 * @param data by type: a transition, an epoch, a step, the checkpoint that was made, a line
 */
record EventView(
    long id,
    String type,
    Instant at,
    @JsonRawValue
        @Schema(
            types = "object",
            oneOf = {
              Transition.class,
              EpochRecord.class,
              StepRecord.class,
              CheckpointMade.class,
              Said.class
            })
        String data) {

  /**
   * An event of {@code text/event-stream}.
   *
   * @param data an {@link EventView} as JSON
   */
  record Streamed(String id, String event, String data) {}

  /** The data of a {@code checkpoint}. */
  record CheckpointMade(UUID checkpoint) {}

  /** The data of a {@code log}. */
  record Said(String message) {}

  static EventView of(RunEvent event) {
    return new EventView(event.seq(), event.type(), event.at(), event.data());
  }
}
