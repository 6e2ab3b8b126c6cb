package dev.onecycle.run.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.onecycle.run.RunEvent;
import java.time.Instant;

/**
 * An event as it is shown.
 *
 * @param id its number in the run, from 1 without gaps
 * @param type one of state, epoch, step, checkpoint, log
 */
record EventView(long id, String type, Instant at, @JsonRawValue String data) {

  static EventView of(RunEvent event) {
    return new EventView(event.seq(), event.type(), event.at(), event.data());
  }
}
