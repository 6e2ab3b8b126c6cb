package dev.onecycle.search;

import dev.onecycle.run.Run;
import dev.onecycle.run.RunEdits;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.RunEpochs;
import dev.onecycle.search.Closings.Closing;
import java.time.Instant;
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
  private final Closings closings;
  private final RunQueue queue;
  private final RunEdits edits;

  SearchTurn(
      SearchRepository searches,
      Searches service,
      Runs runs,
      RunEpochs epochs,
      Closings closings,
      RunQueue queue,
      RunEdits edits) {
    this.searches = searches;
    this.service = service;
    this.runs = runs;
    this.epochs = epochs;
    this.closings = closings;
    this.queue = queue;
    this.edits = edits;
  }

  /**
   * Takes one turn; nothing happens to a search that has ended or is gone.
   *
   * @return when another one is due even if none of its runs changes; null for never
   */
  @Transactional
  @Nullable Instant take(UUID id, Instant now) {
    Search search = searches.lock(id).orElse(null);
    return search == null || search.hasEnded() ? null : take(search, now);
  }

  private @Nullable Instant take(Search search, Instant now) {
    List<Trial> trials =
        search.trials().stream().map(trial -> heard(trial, search.plan())).toList();
    int[] allowed =
        new Halving(search.plan()).allowed(trials.stream().map(Trial::standing).toList());
    Instant end = search.endsAt();
    Closing closing = end == null ? null : closings.of(search.plan(), trials, end);
    boolean closes = false;
    if (closing != null && !now.isBefore(closing.from())) {
      closes = true;
      allowed[closing.leader()] = search.plan().rungs().size() - 1;
      stopOthers(trials, closing.leader());
    }
    boolean underWay = false;
    for (int number = 0; number < trials.size(); number++) {
      Trial moved = moved(trials.get(number), allowed[number], search.priority());
      search.put(number, moved);
      boolean waits = !moved.over() && allowed[number] > moved.allowed(); // until it has paused
      underWay |= !moved.rests() || waits;
    }
    boolean timeIsUp = end != null && !now.isBefore(end);
    if (!underWay || timeIsUp || search.plan().trials() == 0) { // as of one that cannot be read
      boolean any = trials.stream().anyMatch(trial -> trial.standing().reached(0));
      search.end(any ? SearchState.SUCCEEDED : SearchState.FAILED, now);
      service.stop(search);
      return null;
    }
    return closing == null || closes ? end : closing.from();
  }

  private void stopOthers(List<Trial> trials, int leader) {
    for (int number = 0; number < trials.size(); number++) {
      if (number != leader) {
        service.stop(trials.get(number));
      }
    }
  }

  /** Returns the trial with all that its run has reached. */
  private Trial heard(Trial trial, SearchPlan plan) {
    if (trial.over()) {
      return trial;
    }
    // Locked when it is first read: a lock does not read anew what this transaction has read.
    @Nullable Run run = runs.lock(trial.run()).orElse(null);
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
