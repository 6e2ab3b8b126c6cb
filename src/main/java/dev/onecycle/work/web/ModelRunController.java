package dev.onecycle.work.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.Runs;
import dev.onecycle.serving.Models;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What a model does as a run: queued, watched, paused, cancelled and deleted as every other. It
 * works with the checkpoint that the model serves now, whatever it serves later.
 */
@RestController
@RequestMapping("/api/v1/models/{name}")
class ModelRunController {

  private final Models models;
  private final CheckpointStore checkpoints;
  private final RunQueue queue;
  private final Runs runs;
  private final Idempotency idempotency;

  ModelRunController(
      Models models,
      CheckpointStore checkpoints,
      RunQueue queue,
      Runs runs,
      Idempotency idempotency) {
    this.models = models;
    this.checkpoints = checkpoints;
    this.queue = queue;
    this.runs = runs;
    this.idempotency = idempotency;
  }

  /** What makes two requests the same. */
  private record Asked(String model, Object request) {}

  /**
   * Queues a run that predicts all pictures of a dataset or a directory; those that cannot be read
   * are named in its output.
   */
  @Answers(202)
  @PostMapping("/batch-predictions")
  ResponseEntity<SubmittedRun> predict(
      @PathVariable String name,
      @Valid @RequestBody BatchPredictionRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return submit(
        "batch-predictions",
        key,
        name,
        request,
        served -> queue.submit(request.spec(served), request.asked(name, served), Set.of()));
  }

  /**
   * Queues a run that says what the model is worth on labelled pictures, and fits what calibrates
   * its probabilities.
   */
  @Answers(202)
  @PostMapping("/evaluations")
  ResponseEntity<SubmittedRun> evaluate(
      @PathVariable String name,
      @Valid @RequestBody EvaluationRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    return submit(
        "evaluations",
        key,
        name,
        request,
        served -> queue.submit(request.spec(served), request.asked(name, served), Set.of()));
  }

  private ResponseEntity<SubmittedRun> submit(
      String scope,
      @Nullable String key,
      String model,
      Object request,
      Function<Checkpoint, Run> run) {
    UUID id =
        idempotency.once(
            key,
            scope,
            new Asked(model, request),
            () -> run.apply(checkpoints.get(models.served(model))).id());
    Run submitted = runs.required(id);
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/runs/" + id))
        .body(SubmittedRun.of(submitted));
  }
}
