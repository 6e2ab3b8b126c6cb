package dev.onecycle.run.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunEdits;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunWorks;
import dev.onecycle.run.Runs;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs made from runs, and changes of those that are there. */
@RestController
@RequestMapping("/api/v1/runs/{id}")
class RunEditController {

  private final RunViews views;
  private final RunQueue queue;
  private final RunEdits edits;
  private final Runs runs;
  private final Idempotency idempotency;
  private final RunWorks works;

  RunEditController(
      RunViews views,
      RunQueue queue,
      RunEdits edits,
      Runs runs,
      Idempotency idempotency,
      RunWorks works) {
    this.views = views;
    this.queue = queue;
    this.edits = edits;
    this.runs = runs;
    this.idempotency = idempotency;
    this.works = works;
  }

  /** What makes two requests to clone the same. */
  private record Cloning(UUID original, CloneRequest changes) {}

  /** Queues a run with this one's resolved recipe, seed and dataset, but for what the body says. */
  @Answers(202)
  @PostMapping("/clone")
  ResponseEntity<RunView> clone(
      @PathVariable UUID id,
      @Valid @RequestBody(required = false) CloneRequest body,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    Run original = runs.required(id);
    CloneRequest request = body == null ? CloneRequest.SAME : body;
    Object asked = request.asked(original.spec().kind(), works.asked(original));
    RunSpec spec = request.spec(original.spec(), asked);
    UUID made =
        idempotency.once(
            key,
            "runs",
            new Cloning(id, request),
            () -> queue.submit(spec, asked, request.tags(original)).id());
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/runs/" + made))
        .body(views.of(made));
  }

  /** Changes name, tags and, while it is queued, priority. */
  @Answers(409)
  @PatchMapping
  RunView edit(@PathVariable UUID id, @Valid @RequestBody RunEdit edit) {
    edits.edit(id, edit.name(), edit.tags(), edit.priority());
    return views.of(id);
  }
}
