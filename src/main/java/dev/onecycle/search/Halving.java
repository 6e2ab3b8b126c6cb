package dev.onecycle.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which trials of a search go on. From each rung to the next goes one of {@code reduction}, the
 * best, and at least one.
 *
 * <p>A trial goes on as soon as nothing that the others may still reach can change that it is among
 * them. So those that go on are the same however fast workers are, in whatever order trials end and
 * whatever was killed in between, and slots wait for stragglers no longer than that takes.
 */
final class Halving {

  private final SearchPlan plan;

  Halving(SearchPlan plan) {
    this.plan = plan;
  }

  /** Returns how many trials come to a rung, which counts from 0. */
  private int places(int rung) {
    int places = plan.trials();
    for (int k = 0; k < rung; k++) {
      places = Math.max(1, places / plan.reduction());
    }
    return places;
  }

  /**
   * Returns up to which rung each trial may train now.
   *
   * @param trials where they stand, in the order of their numbers
   */
  int[] allowed(List<Standing> trials) {
    int[] allowed = new int[trials.size()];
    List<Integer> candidates = IntStream.range(0, trials.size()).boxed().toList();
    for (int rung = 0; rung + 1 < plan.rungs().size(); rung++) {
      int places = places(rung + 1);
      List<Integer> next = new ArrayList<>();
      for (int trial : candidates) {
        int ahead = 0;
        int mayBeAhead = 0;
        for (int other : candidates) {
          if (isAhead(other, trial, rung, trials)) {
            ahead++;
          } else if (other != trial && isOpen(trials.get(other), rung)) {
            mayBeAhead++;
          }
        }
        boolean reached = trials.get(trial).reached(rung);
        if (reached && ahead + mayBeAhead < places) {
          allowed[trial] = rung + 1;
          next.add(trial);
        } else if (isOpen(trials.get(trial), rung) || (reached && ahead < places)) {
          next.add(trial);
        }
      }
      candidates = next;
    }
    return allowed;
  }

  private static boolean isOpen(Standing trial, int rung) {
    return !trial.reached(rung) && !trial.over();
  }

  /**
   * Returns whether both reached a rung and the first is the better there, or as good and first.
   */
  private boolean isAhead(int one, int other, int rung, List<Standing> trials) {
    if (one == other || !trials.get(one).reached(rung) || !trials.get(other).reached(rung)) {
      return false;
    }
    double merit = trials.get(one).merit(plan.metric(), rung);
    double others = trials.get(other).merit(plan.metric(), rung);
    return merit > others || (merit == others && one < other);
  }

  /** Returns the trials' numbers, first those that came farthest, the best of these first. */
  List<Integer> order(List<Standing> trials) {
    Comparator<Integer> farthest =
        Comparator.comparing(trial -> -trials.get(trial).scores().size());
    return IntStream.range(0, trials.size())
        .boxed()
        .sorted(farthest.thenComparing(trial -> -lastMerit(trials.get(trial))))
        .toList();
  }

  private double lastMerit(Standing trial) {
    int last = trial.scores().size() - 1;
    return last < 0 ? 0 : trial.merit(plan.metric(), last);
  }
}
