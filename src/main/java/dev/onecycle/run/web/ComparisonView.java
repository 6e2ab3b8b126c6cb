package dev.onecycle.run.web;

import dev.onecycle.recipe.RecipeDifference;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunState;
import dev.onecycle.run.history.EpochRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several runs side by side.
 *
 * @param runs in the order that was asked for
 * @param best per curve the run and epoch that got furthest; absent where no run has one
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
    Map<String, Best> best = new LinkedHashMap<>();
    lowest(runs, EpochRecord::accuracy, -1).ifPresent(found -> best.put("accuracy", found));
    lowest(runs, EpochRecord::validLoss, 1).ifPresent(found -> best.put("validLoss", found));
    lowest(runs, EpochRecord::trainLoss, 1).ifPresent(found -> best.put("trainLoss", found));
    return new ComparisonView(runs, best, differences);
  }

  /**
   * Finds the lowest value times {@code sign}, of equals the first; epochs without one are none.
   */
  private static Optional<Best> lowest(
      List<Curves> runs, Function<EpochRecord, @Nullable Double> value, int sign) {
    Best lowest = null;
    for (Curves run : runs) {
      for (EpochRecord epoch : run.epochs()) {
        Double here = value.apply(epoch);
        if (here != null
            && (lowest == null || Double.compare(sign * here, sign * lowest.value()) < 0)) {
          lowest = new Best(run.id(), epoch.phase(), epoch.epoch(), here, epoch.leaky());
        }
      }
    }
    return Optional.ofNullable(lowest);
  }
}
