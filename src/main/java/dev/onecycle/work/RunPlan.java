package dev.onecycle.work;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.forecast.TimeEstimate;
import dev.onecycle.training.MemoryEstimate;
import dev.onecycle.training.ScheduleSummary.PhaseSummary;
import dev.onecycle.training.ScheduleSummary.Point;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a run: what it would do if it were submitted.
 *
 * @param from the checkpoint that it would start from, or null
 * @param trainPictures how many train in each phase
 * @param validPictures how many validate after each epoch
 * @param steps of the whole run
 * @param curve learning rate and momentum of the last parameter group, down-sampled
 * @param memory at most, on the device
 * @param time null unless epochs of this architecture and these sizes were run here before
 * @param budget null unless the recipe has one
 * @param warnings what is allowed but doubtful
 */
public record RunPlan(
    UUID dataset,
    @Nullable UUID from,
    Recipe recipe,
    int trainPictures,
    int validPictures,
    long steps,
    List<PhaseSummary> phases,
    List<Point> curve,
    MemoryEstimate memory,
    @Nullable TimeEstimate time,
    @Nullable Outlook budget,
    List<String> warnings) {

  /**
   * A training that is to end in time.
   *
   * @param seconds that there are
   * @param known whether the steps, phases and curve are what they come to, by the speed of earlier
   *     epochs; else they are the whole recipe's, and the worker that takes the run measures what
   *     fits
   */
  public record Outlook(double seconds, boolean known) {}
}
