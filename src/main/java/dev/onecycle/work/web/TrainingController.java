package dev.onecycle.work.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.web.RunView;
import dev.onecycle.run.web.RunViews;
import dev.onecycle.work.RunPlan;
import dev.onecycle.work.RunPlanner;
import dev.onecycle.work.StartingPoints;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Training runs: submitted, or planned and left at that. */
@RestController
@RequestMapping("/api/v1/runs")
class TrainingController {

  private final RunQueue queue;
  private final RunViews views;
  private final RunPlanner planner;
  private final StartingPoints startingPoints;
  private final Idempotency idempotency;

  TrainingController(
      RunQueue queue,
      RunViews views,
      RunPlanner planner,
      StartingPoints startingPoints,
      Idempotency idempotency) {
    this.queue = queue;
    this.views = views;
    this.planner = planner;
    this.startingPoints = startingPoints;
    this.idempotency = idempotency;
  }

  /** Queues a run; when this answers, the run will not be lost. */
  @Answers({202, 404})
  @PostMapping
  ResponseEntity<RunView> submit(
      @Valid @RequestBody RunRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    Recipe recipe = request.resolved(startingPoints);
    RunSpec spec = request.spec(recipe);
    UUID id =
        idempotency.once(
            key, "runs", request, () -> queue.submit(spec, recipe, request.tags()).id());
    return ResponseEntity.accepted().location(URI.create("/api/v1/runs/" + id)).body(views.of(id));
  }

  /** What a run of this request would do; nothing is started. */
  @Answers({404, 409})
  @PostMapping("/validate")
  RunPlan validate(@Valid @RequestBody RunRequest request) {
    Recipe recipe = request.resolved(startingPoints);
    RunSpec spec = request.spec(recipe);
    return planner.plan(spec.requiredDataset(), recipe, spec.from());
  }
}
