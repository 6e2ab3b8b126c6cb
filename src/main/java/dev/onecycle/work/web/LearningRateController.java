package dev.onecycle.work.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.training.LearningRateCurve;
import dev.onecycle.work.LearningRateWork;
import dev.onecycle.work.StartingPoints;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The learning-rate finder: runs of the kind {@code lr-find}, and what they found. */
@RestController
@RequestMapping("/api/v1/lr-finds")
class LearningRateController {

  private final RunQueue queue;
  private final Runs runs;
  private final RunOutputs outputs;
  private final StartingPoints startingPoints;
  private final Idempotency idempotency;

  LearningRateController(
      RunQueue queue,
      Runs runs,
      RunOutputs outputs,
      StartingPoints startingPoints,
      Idempotency idempotency) {
    this.queue = queue;
    this.runs = runs;
    this.outputs = outputs;
    this.startingPoints = startingPoints;
    this.idempotency = idempotency;
  }

  /** Queues a sweep of the recipe's first phase. It is a run: watch, cancel and delete it there. */
  @Answers({202, 404})
  @PostMapping
  ResponseEntity<LearningRateView> submit(
      @Valid @RequestBody LearningRateRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    Recipe recipe = startingPoints.recipe(request.recipe(), request.overrides(), request.from());
    RunSpec spec =
        new RunSpec(
            LearningRateWork.KIND,
            request.dataset(),
            recipe.seed(),
            request.name(),
            0,
            request.from());
    UUID id =
        idempotency.once(key, "lr-finds", request, () -> queue.submit(spec, recipe, Set.of()).id());
    return ResponseEntity.accepted().location(URI.create("/api/v1/lr-finds/" + id)).body(get(id));
  }

  /** Where a sweep is; once it has succeeded, its curve and the rates that it suggests. */
  @GetMapping("/{id}")
  LearningRateView get(@PathVariable UUID id) {
    Run run =
        runs.findById(id)
            .filter(found -> found.spec().kind().equals(LearningRateWork.KIND))
            .orElseThrow(() -> new Failure.NotFound("there is no lr-find " + id));
    return LearningRateView.of(run, run.state() == RunState.SUCCEEDED ? found(id) : null);
  }

  private LearningRateCurve found(UUID id) {
    return outputs.result(id, LearningRateCurve.class).orElseThrow();
  }
}
