package dev.onecycle.search.web;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.search.Metric;
import dev.onecycle.search.Range;
import dev.onecycle.search.Search;
import dev.onecycle.search.SearchState;
import dev.onecycle.search.Trial;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A search as callers see it.
 *
 * @param rungs after how many epochs trials are compared; the last is the whole recipe
 * @param reduction of so many trials one goes on from each to the next
 * @param endsAt by when it ends, with the best so far; null for as long as its trials take
 * @param trials the leaderboard: first those that came farthest, the best of these first
 */
record SearchView(
    UUID id,
    String name,
    SearchState state,
    UUID dataset,
    Map<String, Range> space,
    Metric metric,
    int reduction,
    List<Integer> rungs,
    long seed,
    Instant createdAt,
    @Nullable Instant endsAt,
    @Nullable Instant endedAt,
    List<TrialView> trials) {

  /**
   * A trial.
   *
   * @param number from 1, in the order in which they were drawn
   * @param run its run; it may have been deleted since
   * @param state its run's; null where that is gone
   * @param settings what it drew
   * @param scores its metric at each rung that it reached
   * @param checkpoint the best weights of its run, if any
   */
  record TrialView(
      int number,
      UUID run,
      @Nullable RunState state,
      Map<String, Object> settings,
      List<Double> scores,
      @Nullable UUID checkpoint) {

    static TrialView of(int number, Trial trial, @Nullable Run run) {
      return new TrialView(
          number,
          trial.run(),
          run == null ? null : run.state(),
          trial.settings(),
          trial.scores(),
          run == null ? null : run.checkpointId());
    }
  }

  static SearchView of(Search search, Map<UUID, Run> runs) {
    List<Trial> trials = search.trials();
    List<TrialView> board =
        search.order().stream()
            .map(
                trial ->
                    TrialView.of(trial + 1, trials.get(trial), runs.get(trials.get(trial).run())))
            .toList();
    return new SearchView(
        search.id(),
        search.name(),
        search.state(),
        search.dataset(),
        search.plan().space(),
        search.plan().metric(),
        search.plan().reduction(),
        search.plan().rungs(),
        search.plan().seed(),
        search.createdAt(),
        search.endsAt(),
        search.endedAt(),
        board);
  }
}
