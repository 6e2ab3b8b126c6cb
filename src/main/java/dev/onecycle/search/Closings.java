package dev.onecycle.search;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.forecast.Experience;
import dev.onecycle.run.history.RunEpochs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The ends of searches that have a time: when the best trial so far needs all that is left. */
@Component
class Closings {

  /** What is left of a training takes so many times as long as it seems, with its beginning. */
  private static final double LEEWAY = 1.3;

  private final Runs runs;
  private final RunEpochs epochs;
  private final Experience experience;

  Closings(Runs runs, RunEpochs epochs, Experience experience) {
    this.runs = runs;
    this.epochs = epochs;
    this.experience = experience;
  }

  /**
   * An end.
   *
   * @param leader the number of the trial that is the best so far, of those that go on
   * @param from when nothing but it may train any more, for it to come to its end in time
   */
  record Closing(int leader, Instant from) {}

  /**
   * Returns the end as it looks now; null where no trial has come to the first rung, or the best
   * has come to its end.
   *
   * @param trials in the order of their numbers
   * @param end by when the search has to end
   */
  @Nullable Closing of(SearchPlan plan, List<Trial> trials, Instant end) {
    List<Standing> standing = trials.stream().map(Trial::standing).toList();
    for (int number : new Halving(plan).order(standing)) {
      Standing reached = standing.get(number);
      if (!reached.reached(0) || reached.reached(plan.rungs().size() - 1)) {
        return null;
      }
      Run run = runs.findById(trials.get(number).run()).orElse(null);
      if (run != null && !run.state().ended() && run.state() != RunState.CANCELLING) {
        double seconds = LEEWAY * experience.left(run, epochs.of(run.id()));
        return new Closing(number, end.minusMillis(Math.round(1e3 * seconds)));
      }
    }
    return null;
  }
}
