package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.Page;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunFilter;
import dev.onecycle.run.RunPlan;
import dev.onecycle.run.RunPlanner;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Submitting, watching, pausing, cancelling and deleting runs. */
@RestController
@RequestMapping("/api/v1/runs")
class RunController {

  private final RunQueue queue;
  private final RunPlanner planner;
  private final Runs runs;
  private final Idempotency idempotency;
  private final JsonMapper mapper;

  RunController(
      RunQueue queue, RunPlanner planner, Runs runs, Idempotency idempotency, JsonMapper mapper) {
    this.queue = queue;
    this.planner = planner;
    this.runs = runs;
    this.idempotency = idempotency;
    this.mapper = mapper;
  }

  /** Queues a run; when this answers, the run will not be lost. */
  @PostMapping
  ResponseEntity<RunView> submit(
      @Valid @RequestBody RunRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) String key) {
    RunSpec spec = request.spec(RunSpec.TRAIN, mapper);
    UUID id = idempotency.once(key, "runs", request, () -> queue.submit(spec, request.tags()).id());
    return ResponseEntity.accepted().location(URI.create("/api/v1/runs/" + id)).body(get(id));
  }

  /** What a run of this request would do; nothing is started. */
  @PostMapping("/validate")
  RunPlan validate(@Valid @RequestBody RunRequest request) {
    RunSpec spec = request.spec(RunSpec.TRAIN, mapper);
    return planner.plan(spec.dataset(), request.resolved(), spec.from());
  }

  /** Runs, newest first. */
  @GetMapping
  Page<RunView> list(
      @RequestParam(required = false) RunState state,
      @RequestParam(required = false) UUID dataset,
      @RequestParam(required = false) String tag,
      @RequestParam(required = false) Integer limit,
      @RequestParam(required = false) String cursor) {
    Cursor part = Cursor.of(limit, cursor);
    List<Run> found =
        runs.findBy(
            new RunFilter(state, dataset, tag).before(part.before()),
            query -> query.sortBy(Sort.by("id").descending()).limit(part.fetch().max()).all());
    return part.page(found, Run::id, RunView::inList);
  }

  /** One run: where it is, how far, how long it takes, what happened to it. */
  @GetMapping("/{id}")
  RunView get(@PathVariable UUID id) {
    Run run = runs.withTransitions(id).orElseThrow(() -> RunController.notFound(id));
    Long position =
        run.state() == RunState.QUEUED
            ? runs.queuedBefore(run.spec().priority(), run.createdAt()) + 1
            : null;
    return RunView.of(run, position);
  }

  /** Ends a run at its next step, a waiting one at once. Asking again changes nothing. */
  @PostMapping("/{id}/cancel")
  RunView cancel(@PathVariable UUID id) {
    queue.cancel(id);
    return get(id);
  }

  /**
   * Lets a run wait, after its next step where it runs, until it is resumed. What it has done
   * stays; only a learning-rate sweep begins anew. Asking again changes nothing.
   */
  @PostMapping("/{id}/pause")
  RunView pause(@PathVariable UUID id) {
    queue.pause(id);
    return get(id);
  }

  /** Lets a paused run go on where it stopped, at its old place in the queue. */
  @PostMapping("/{id}/resume")
  RunView resume(@PathVariable UUID id) {
    queue.resume(id);
    return get(id);
  }

  /** Deletes an ended run with everything that it left. */
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id) {
    queue.delete(id);
  }

  static Failure.NotFound notFound(UUID id) {
    return new Failure.NotFound("there is no run " + id);
  }
}
