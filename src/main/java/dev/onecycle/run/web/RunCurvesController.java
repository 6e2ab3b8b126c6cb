package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.recipe.RecipeDifference;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunWorks;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.RunEpochs;
import dev.onecycle.run.history.RunSteps;
import dev.onecycle.run.history.StepPoint;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Runs as curves: the steps of one, the epochs of several. */
@RestController
@RequestMapping("/api/v1/runs")
class RunCurvesController {

  private static final int MOST_RUNS = 10;

  private final Runs runs;
  private final RunEpochs epochs;
  private final RunSteps steps;
  private final RunWorks works;

  RunCurvesController(Runs runs, RunEpochs epochs, RunSteps steps, RunWorks works) {
    this.runs = runs;
    this.epochs = epochs;
    this.steps = steps;
    this.works = works;
  }

  /**
   * Loss, learning rate and momentum of the attempt that counts, step by step or, where there are
   * more steps than points, with several steps a point.
   */
  @GetMapping("/{id}/steps")
  List<StepPoint> steps(
      @PathVariable UUID id, @RequestParam(defaultValue = "500") @Min(1) @Max(1000) int points) {
    runs.requireExists(id);
    return steps.of(id, points);
  }

  /** The epochs of 2 to 10 runs side by side, and where their recipes differ. */
  @Answers(404)
  @GetMapping("/compare")
  ComparisonView compare(@RequestParam List<UUID> ids) {
    List<UUID> each = ids.stream().distinct().toList();
    if (each.size() < 2 || each.size() > MOST_RUNS) {
      String message = each.size() + " different runs: 2 to " + MOST_RUNS + " can be compared";
      throw Failure.Invalid.field("ids", message, each.size(), MOST_RUNS);
    }
    List<Run> found = each.stream().map(runs::required).toList();
    return ComparisonView.of(
        found.stream().map(run -> ComparisonView.Curves.of(run, epochs.of(run.id()))).toList(),
        RecipeDifference.of(found.stream().map(works::fields).toList()));
  }
}
