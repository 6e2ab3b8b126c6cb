package dev.onecycle.search;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import dev.onecycle.recipe.Budget;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.work.StartingPoints;
import dev.onecycle.work.TrainingWork;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The beginning and the end of searches. */
@Service
public class Searches {

  /** What every run of a trial has among its tags. */
  static final String TAG = "search";

  /** That every rung has its score. */
  private static final String EVERY_EPOCH = "validateEvery";

  private static final String BUDGET = "budget";

  private final SearchRepository searches;
  private final Ids ids;
  private final StartingPoints startingPoints;
  private final RunQueue queue;
  private final Runs runs;
  private final Clock clock;

  Searches(
      SearchRepository searches,
      Ids ids,
      StartingPoints startingPoints,
      RunQueue queue,
      Runs runs,
      Clock clock) {
    this.searches = searches;
    this.ids = ids;
    this.startingPoints = startingPoints;
    this.queue = queue;
    this.runs = runs;
    this.clock = clock;
  }

  /**
   * Begins a search: all of its trials are queued, in one commit with it. A budget of the recipe is
   * the whole search's, and of none of its trials.
   *
   * @throws Failure.NotFound if there is no such dataset
   * @throws Failure.Invalid if the space is none, or a recipe that a trial draws is none
   */
  @Transactional
  public Search begin(NewSearch asked) {
    SearchPlan.check(asked.space());
    Map<String, Object> overrides = new HashMap<>(asked.overrides());
    overrides.put(EVERY_EPOCH, 1);
    Recipe base = startingPoints.recipe(asked.recipe(), overrides, null);
    Instant now = clock.instant();
    SearchPlan plan =
        new SearchPlan(
            asked.space(),
            asked.trials(),
            asked.reduction(),
            SearchPlan.rungs(asked.trials(), asked.reduction(), base.totalEpochs()),
            asked.metric(),
            asked.seed());
    Search search =
        new Search(
            ids.next(),
            asked.name(),
            asked.dataset(),
            asked.priority(),
            plan,
            now,
            end(base.budget(), now));
    for (int trial = 0; trial < plan.trials(); trial++) {
      Map<String, Object> drawn = plan.draw(trial);
      Map<String, Object> all = new HashMap<>(drawn);
      overrides.forEach(all::putIfAbsent);
      all.put(EVERY_EPOCH, 1);
      all.put(BUDGET, null);
      Recipe recipe = startingPoints.recipe(asked.recipe(), all, null);
      String name = asked.name() + " " + (trial + 1);
      RunSpec spec =
          new RunSpec(TrainingWork.KIND, asked.dataset(), recipe.seed(), name, asked.priority());
      UUID run = queue.submit(spec, recipe, Set.of(TAG, tag(search))).id();
      search.add(new Trial(run, drawn, 0, List.of(), false));
    }
    return searches.save(search);
  }

  private static @Nullable Instant end(@Nullable Budget budget, Instant now) {
    if (budget == null) {
      return null;
    }
    budget.requireAhead(now);
    return now.plus(budget.left(now));
  }

  /** Returns the tag that the runs of one search share. */
  static String tag(Search search) {
    return TAG + " " + search.id();
  }

  /**
   * Ends a search and every run of it that has not ended. Asking again changes nothing.
   *
   * @throws Failure.NotFound if there is no such search
   * @throws Failure.Conflict if it ended in another way
   */
  @Transactional
  public void cancel(UUID id) {
    Search search = locked(id);
    if (search.state() == SearchState.CANCELLED) {
      return;
    }
    if (search.hasEnded()) {
      throw new Failure.Conflict("search " + id + " has ended: it is " + search.state(), null);
    }
    search.end(SearchState.CANCELLED, clock.instant());
    stop(search);
  }

  /** Ends every run of a search that has not ended. */
  void stop(Search search) {
    search.trials().forEach(this::stop);
  }

  /** Ends the run of a trial, unless it has ended. */
  void stop(Trial trial) {
    runs.lock(trial.run())
        .filter(run -> !run.state().ended() && run.state() != RunState.CANCELLING)
        .ifPresent(run -> queue.cancel(run.id()));
  }

  /**
   * Forgets a search that ended. The runs of its trials stay.
   *
   * @throws Failure.NotFound if there is no such search
   * @throws Failure.Conflict if it has not ended
   */
  @Transactional
  public void delete(UUID id) {
    Search search = locked(id);
    if (!search.hasEnded()) {
      throw new Failure.Conflict("search " + id + " has not ended", "Cancel it first.");
    }
    searches.delete(search);
  }

  /**
   * Returns a search with its trials.
   *
   * @throws Failure.NotFound if there is none
   */
  @Transactional(readOnly = true)
  public Search whole(UUID id) {
    Search search = searches.required(id);
    search.trials();
    return search;
  }

  private Search locked(UUID id) {
    return searches.lock(id).orElseThrow(() -> new Failure.NotFound("there is no search " + id));
  }
}
