package dev.onecycle.search;

import java.util.List;

/**
 * Where a trial stands.
 *
 * @param scores its metric at each rung that it reached
 * @param over whether it can reach no more: its run ended, or is gone
 */
record Standing(List<Double> scores, boolean over) {

  boolean reached(int rung) {
    return scores.size() > rung;
  }

  double merit(Metric metric, int rung) {
    return metric.merit(scores.get(rung));
  }
}
