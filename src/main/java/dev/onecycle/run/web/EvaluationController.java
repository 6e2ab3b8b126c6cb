package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.Evaluation;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunResult;
import dev.onecycle.run.RunResults;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** What the best weights of a run are worth. */
@RestController
@RequestMapping("/api/v1/runs/{id}/evaluation")
class EvaluationController {

  private final Runs runs;
  private final RunResults results;
  private final JsonMapper mapper;

  EvaluationController(Runs runs, RunResults results, JsonMapper mapper) {
    this.runs = runs;
    this.results = results;
    this.mapper = mapper;
  }

  /**
   * Confusion, scores a label, top losses, calibration and the menu of test-time augmentation, on
   * the validation pictures. Made once, when the run ends.
   */
  @Answers(409)
  @GetMapping
  EvaluationView get(@PathVariable UUID id) {
    Run run = runs.findById(id).orElseThrow(() -> RunController.notFound(id));
    if (!run.spec().kind().equals(RunSpec.TRAIN)) {
      throw new Failure.NotFound(
          "run %s is of kind %s: only runs of kind %s are evaluated"
              .formatted(id, run.spec().kind(), RunSpec.TRAIN));
    }
    if (run.state() != RunState.SUCCEEDED) {
      throw new Failure.Conflict(
          "run %s is %s: only runs that SUCCEEDED have an evaluation".formatted(id, run.state()),
          run.state().ended()
              ? "Submit the run again."
              : "Wait until it ends: GET /api/v1/runs/" + id + "/events.");
    }
    RunResult result =
        results
            .findById(id)
            .orElseThrow(
                () ->
                    new Failure.NotFound(
                        "run " + id + " ended before this service evaluated its runs"));
    return EvaluationView.of(
        id, run.spec().dataset(), mapper.readValue(result.document(), Evaluation.class));
  }
}
