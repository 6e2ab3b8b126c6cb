package dev.onecycle.run.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.RunEpochs;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What happened in a run. */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RunRecordController {

  private final Runs runs;
  private final RunEpochs epochs;
  private final EventStreams streams;

  RunRecordController(Runs runs, RunEpochs epochs, EventStreams streams) {
    this.runs = runs;
    this.epochs = epochs;
    this.streams = streams;
  }

  /** The epochs of the attempt that counts. */
  @GetMapping(
      path = "/epochs",
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_PLAIN_VALUE, EpochTableText.CSV})
  EpochTable epochs(@PathVariable UUID id) {
    requireRun(id);
    return new EpochTable(epochs.of(id));
  }

  /**
   * Everything that happens, from the beginning or from after {@code Last-Event-ID}, until the run
   * has ended.
   */
  @Answers(422)
  @GetMapping(
      path = "/events",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
  void events(
      @PathVariable UUID id,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "0") @Min(0) long after,
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "") String accept,
      HttpMethod method,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    requireRun(id);
    boolean lines = accept.contains(MediaType.APPLICATION_NDJSON_VALUE);
    response.setContentType(
        lines ? MediaType.APPLICATION_NDJSON_VALUE : MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setCharacterEncoding("UTF-8");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (method.equals(HttpMethod.GET)) {
      EventFormat format = lines ? EventFormat.LINES : EventFormat.SSE;
      streams.follow(id, after, format, response.getOutputStream());
    }
  }

  private void requireRun(UUID id) {
    if (!runs.existsById(id)) {
      throw RunController.notFound(id);
    }
  }
}
