package dev.onecycle.search;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunEdits;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.RunEpochs;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * One look at a search: it takes down what trials reached, pauses those that have reached what they
 * are allowed to, lets those go on that are allowed more, and ends the search once all rest. What
 * it goes by is in the database, so any process may take any turn.
 */
@Component
class SearchTurn {

  private static final int MAX_PRIORITY = 100;

  private final SearchRepository searches;
  private final Searches service;
  private final Runs runs;
  private final RunEpochs epochs;
  private final RunQueue queue;
  private final RunEdits edits;
  private final Clock clock;

  SearchTurn(
      SearchRepository searches,
      Searches service,
      Runs runs,
      RunEpochs epochs,
      RunQueue queue,
      RunEdits edits,
      Clock clock) {
    this.searches = searches;
    this.service = service;
    this.runs = runs;
    this.epochs = epochs;
    this.queue = queue;
    this.edits = edits;
    this.clock = clock;
  }

  /** Takes one turn; nothing happens to a search that has ended or is gone. */
  @Transactional
  void take(UUID id) {
    searches.lock(id).filter(search -> !search.hasEnded()).ifPresent(this::take);
  }

  private void take(Search search) {
    List<Trial> trials =
        search.trials().stream().map(trial -> heard(trial, search.plan())).toList();
    int[] allowed =
        new Halving(search.plan()).allowed(trials.stream().map(Trial::standing).toList());
    boolean underWay = false;
    for (int number = 0; number < trials.size(); number++) {
      Trial moved = moved(trials.get(number), allowed[number], search.priority());
      search.put(number, moved);
      underWay |= !moved.rests();
    }
    if (!underWay || search.plan().trials() == 0) { // as of one that cannot be read
      boolean any = trials.stream().anyMatch(trial -> trial.standing().reached(0));
      search.end(any ? SearchState.SUCCEEDED : SearchState.FAILED, clock.instant());
      service.stop(search);
    }
  }

  /** Returns the trial with all that its run has reached. */
  private Trial heard(Trial trial, SearchPlan plan) {
    if (trial.over()) {
      return trial;
    }
    @Nullable Run run = runs.findById(trial.run()).orElse(null);
    if (run == null) {
      return trial.ended();
    }
    List<EpochRecord> trained = epochs.of(run.id());
    Trial heard = trial;
    boolean succeeded = run.state() == RunState.SUCCEEDED;
    for (int rung = trial.scores().size(); rung < plan.rungs().size(); rung++) {
      int epoch = plan.rungs().get(rung);
      boolean last = rung == plan.rungs().size() - 1;
      boolean reached = !last && trained.size() >= epoch;
      if (trained.isEmpty() || !(reached || succeeded)) {
        break;
      }
      Double score = plan.metric().of(trained.get((reached ? epoch : trained.size()) - 1));
      if (score == null) {
        break;
      }
      heard = heard.scored(score);
    }
    return run.state().ended() ? heard.ended() : heard;
  }

  /** Pauses its run, or lets it go on, as it may train up to that rung. */
  private Trial moved(Trial trial, int rung, int priority) {
    if (trial.over()) {
      return trial;
    }
    Run run = runs.lock(trial.run()).orElse(null);
    if (run == null) {
      return trial.ended();
    }
    if (rung > trial.allowed()) {
      return switch (run.state()) {
        case PAUSED -> {
          queue.resume(run.id());
          // Before those that have not begun: the sooner the best is known, the better.
          edits.edit(run.id(), null, null, Math.min(MAX_PRIORITY, priority + rung));
          yield trial.upTo(rung);
        }
        case PAUSING -> trial; // it is let go on once it has come to rest
        default -> trial.upTo(rung);
      };
    }
    if (trial.rests() && (run.state() == RunState.RUNNING || run.state() == RunState.QUEUED)) {
      queue.pause(run.id());
    }
    return trial;
  }
}
