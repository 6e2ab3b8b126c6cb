package dev.onecycle.run.web;

import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.RunChanged;
import dev.onecycle.run.RunEvent;
import dev.onecycle.run.RunEvents;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.RunEpochs;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What happened in a run. */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RunRecordController {

  private static final Limit LINES = Limit.of(1_000);

  private final Runs runs;
  private final RunEpochs epochs;
  private final RunEvents events;
  private final EventStreams streams;
  private final StoredJson json;
  private final JsonMapper mapper;

  RunRecordController(
      Runs runs,
      RunEpochs epochs,
      RunEvents events,
      EventStreams streams,
      StoredJson json,
      JsonMapper mapper) {
    this.runs = runs;
    this.epochs = epochs;
    this.events = events;
    this.streams = streams;
    this.json = json;
    this.mapper = mapper;
  }

  /** Something that the work said. */
  record LogLine(Instant at, String message) {}

  /** The epochs of the attempt that counts. */
  @GetMapping(
      path = "/epochs",
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_PLAIN_VALUE, EpochTableText.CSV})
  EpochTable epochs(@PathVariable UUID id) {
    runs.requireExists(id);
    return new EpochTable(epochs.of(id));
  }

  /**
   * Everything that happens, from the beginning or from after {@code Last-Event-ID}, until the run
   * has ended. Of a run that has ended, after its last event there is nothing: 204, which tells a
   * browser's {@code EventSource} not to come back.
   */
  @ApiResponse(
      responseCode = "200",
      description = "Events, as they happen",
      content = {
        @Content(
            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
            schema = @Schema(implementation = EventView.Streamed.class)),
        @Content(
            mediaType = MediaType.APPLICATION_NDJSON_VALUE,
            schema = @Schema(implementation = EventView.class))
      })
  @ApiResponse(responseCode = "204", description = "No more will come", content = @Content)
  @Answers(422)
  @GetMapping(
      path = "/events",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
  void events(
      @PathVariable UUID id,
      @RequestHeader(name = "Last-Event-ID", defaultValue = "0") @Min(0) long after,
      @Parameter(hidden = true) @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = "")
          String accept,
      HttpMethod method,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    runs.requireExists(id);
    if (runs.standing(Set.of(id)).stream().anyMatch(run -> isOver(run, after))) {
      response.setStatus(HttpStatus.NO_CONTENT.value());
      return;
    }
    boolean lines = accept.contains(MediaType.APPLICATION_NDJSON_VALUE);
    response.setContentType(
        lines ? MediaType.APPLICATION_NDJSON_VALUE : MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setCharacterEncoding("UTF-8");
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (method.equals(HttpMethod.GET)) {
      EventFormat format = new TextEvents(lines, mapper);
      streams.send(id, after, true, format, response.getOutputStream());
    }
  }

  /**
   * The run's steps and epochs as TensorBoard reads them, from the beginning until the run has
   * ended: a file that grows with it.
   *
   * @param follow false for what there is by now
   */
  @ApiResponse(
      responseCode = "200",
      description = "Records, as they come",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
              schema = @Schema(types = "string", format = "binary")))
  @GetMapping(path = "/tfevents", produces = MediaType.APPLICATION_OCTET_STREAM_VALUE)
  void tfevents(
      @PathVariable UUID id,
      @RequestParam(defaultValue = "true") boolean follow,
      HttpMethod method,
      HttpServletResponse response)
      throws IOException, InterruptedException {
    Instant begun = runs.required(id).createdAt();
    response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    ContentDisposition file =
        ContentDisposition.attachment().filename("events.out.tfevents." + id).build();
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION, file.toString());
    if (method.equals(HttpMethod.GET)) {
      EventFormat format = new TensorBoardEvents(mapper, begun);
      streams.send(id, 0, follow, format, response.getOutputStream());
    }
  }

  /** What the run's work said, in its own words: the last thousand lines, oldest first. */
  @GetMapping("/log")
  List<LogLine> log(@PathVariable UUID id) {
    runs.requireExists(id);
    List<RunEvent> lines = new ArrayList<>(events.last(id, "log", LINES));
    Collections.reverse(lines);
    return lines.stream()
        .map(line -> new LogLine(line.at(), json.read(line.data(), EventView.Said.class).message()))
        .toList();
  }

  private static boolean isOver(RunChanged run, long sent) {
    return run.state().ended() && sent >= run.lastEvent();
  }
}
