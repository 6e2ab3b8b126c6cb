package dev.onecycle.run.web;

import dev.onecycle.recipe.RecipeDifference;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.history.EpochRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Several runs side by side.
 *
 * @param runs in the order that was asked for
 * @param best per curve the run and epoch that got furthest; absent where no run has an epoch
 * @param differences where the recipes differ, values in the order of the runs
 */
record ComparisonView(
    List<Curves> runs, Map<String, Best> best, List<RecipeDifference> differences) {

  /**
   * One run's curves.
   *
   * @param seconds of all its epochs together
   */
  record Curves(
      UUID id,
      String name,
      String kind,
      RunState state,
      @Nullable UUID dataset,
      @Nullable UUID from,
      @Nullable Double ttaAccuracy,
      @Nullable EpochRecord bestEpoch,
      double seconds,
      List<EpochRecord> epochs) {

    static Curves of(Run run, List<EpochRecord> epochs) {
      return new Curves(
          run.id(),
          run.spec().name(),
          run.spec().kind(),
          run.state(),
          run.spec().dataset(),
          run.spec().from(),
          run.ttaAccuracy(),
          run.bestEpoch(),
          epochs.stream().mapToDouble(EpochRecord::seconds).sum(),
          epochs);
    }
  }

  /**
   * The best value of a curve.
   *
   * @param phase from 1
   * @param epoch inside its phase, from 0
   * @param leaky whether it was validated on pictures that an earlier phase trained on
   */
  record Best(UUID run, int phase, int epoch, double value, boolean leaky) {}

  static ComparisonView of(List<Curves> runs, List<RecipeDifference> differences) {
    if (runs.stream().allMatch(run -> run.epochs().isEmpty())) {
      return new ComparisonView(runs, Map.of(), differences);
    }
    Map<String, Best> best =
        Map.of(
            "accuracy", lowest(runs, epoch -> -epoch.accuracy(), EpochRecord::accuracy),
            "validLoss", lowest(runs, EpochRecord::validLoss, EpochRecord::validLoss),
            "trainLoss", lowest(runs, EpochRecord::trainLoss, EpochRecord::trainLoss));
    return new ComparisonView(runs, best, differences);
  }

  private static Best lowest(
      List<Curves> runs, ToDoubleFunction<EpochRecord> rank, ToDoubleFunction<EpochRecord> value) {
    return runs.stream()
        .filter(run -> !run.epochs().isEmpty())
        .min(Comparator.comparingDouble(run -> rank.applyAsDouble(lowest(run, rank))))
        .map(
            run -> {
              EpochRecord epoch = lowest(run, rank);
              return new Best(
                  run.id(),
                  epoch.phase(),
                  epoch.epoch(),
                  value.applyAsDouble(epoch),
                  epoch.leaky());
            })
        .orElseThrow();
  }

  private static EpochRecord lowest(Curves run, ToDoubleFunction<EpochRecord> rank) {
    return run.epochs().stream().min(Comparator.comparingDouble(rank)).orElseThrow();
  }
}
