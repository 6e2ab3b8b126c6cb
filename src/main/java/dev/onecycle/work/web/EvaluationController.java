package dev.onecycle.work.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.work.Evaluation;
import dev.onecycle.work.EvaluationWork;
import dev.onecycle.work.TrainingWork;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the best weights of a training run are worth, or the checkpoint of an evaluation. */
@RestController
@RequestMapping("/api/v1/runs/{id}/evaluation")
class EvaluationController {

  private static final List<String> EVALUATED = List.of(TrainingWork.KIND, EvaluationWork.KIND);

  private final Runs runs;
  private final RunOutputs outputs;

  EvaluationController(Runs runs, RunOutputs outputs) {
    this.runs = runs;
    this.outputs = outputs;
  }

  /**
   * Confusion, scores a label, top losses, calibration and the menu of test-time augmentation: of a
   * training run on its validation pictures, made once, when it ends; of an evaluation on those
   * that it was asked to evaluate, with the test-time augmentation that it was asked for.
   */
  @Answers(409)
  @GetMapping
  EvaluationView get(@PathVariable UUID id) {
    Found found = found(id);
    return EvaluationView.of(id, found.dataset(), found.evaluation());
  }

  /** An evaluation, and the dataset of its pictures. */
  record Found(UUID dataset, Evaluation evaluation) {}

  /** Throws as the route does. */
  Found found(UUID id) {
    Run run = runs.required(id);
    if (!EVALUATED.contains(run.spec().kind())) {
      throw new Failure.NotFound(
          "run %s is of kind %s: only runs of kind %s have an evaluation"
              .formatted(id, run.spec().kind(), String.join(" or ", EVALUATED)));
    }
    if (run.state() != RunState.SUCCEEDED) {
      throw new Failure.Conflict(
          "run %s is %s: only runs that SUCCEEDED have an evaluation".formatted(id, run.state()),
          run.state().ended()
              ? "Submit the run again."
              : "Wait until it ends: GET /api/v1/runs/" + id + "/events.");
    }
    Evaluation found =
        outputs
            .result(id, Evaluation.class)
            .orElseThrow(
                () ->
                    new Failure.NotFound(
                        "run " + id + " ended before this service evaluated its runs"));
    return new Found(run.spec().requiredDataset(), found);
  }
}
