package dev.onecycle.work.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.web.RunRequest;
import dev.onecycle.work.RunPlan;
import dev.onecycle.work.RunPlanner;
import jakarta.validation.Valid;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What a training run would do, before it is submitted. */
@RestController
@RequestMapping("/api/v1/runs")
class PlanController {

  private final RunPlanner planner;
  private final JsonMapper mapper;

  PlanController(RunPlanner planner, JsonMapper mapper) {
    this.planner = planner;
    this.mapper = mapper;
  }

  /** What a run of this request would do; nothing is started. */
  @Answers({404, 409})
  @PostMapping("/validate")
  RunPlan validate(@Valid @RequestBody RunRequest request) {
    RunSpec spec = request.spec(RunSpec.TRAIN, mapper);
    return planner.plan(spec.dataset(), request.resolved(), spec.from());
  }
}
