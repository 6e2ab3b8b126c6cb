package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * One fit inside a recipe. The schedule's words are those of Leslie Smith's one-cycle policy: the
 * rate climbs from {@code learningRate / div} for {@code pctStart} of the steps and falls to {@code
 * learningRate / divFinal}, while momentum mirrors it.
 *
 * <p>A flat-cosine phase is fastai's {@code fit_flat_cos}: the highest rate for {@code pctStart} of
 * the steps, with which it begins, and the same fall.
 *
 * <p>A fine-tune phase is fastai's {@code fine_tune}: {@code freezeEpochs} with everything but the
 * last parameter group frozen, then {@code epochs} of all groups at half the rate, lower groups
 * slower. With one parameter group nothing is frozen and no group is slower: the notebook's case.
 *
 * <p>A phase with a plan trains in several sizes, one after the other, under its one schedule and
 * with the same optimizer: nothing begins anew where the size changes. {@code size} and {@code
 * batchSize} are validation's then, and what the trained network is served at.
 */
public record Phase(
    @Setting("how the learning rate moves; each has its own defaults for other fields")
        Policy policy,
    @Setting(
            value = "side of the square pictures, in pixels; with a plan of those that validate",
            min = 32,
            max = 1024)
        int size,
    @Setting(value = "pictures per step; with a plan of those that validate", min = 2, max = 4096)
        int batchSize,
    @Setting(value = "steps whose gradients are added up before an update", min = 1, max = 256)
        int accumulate,
    @Setting(
            value =
                "passes over the training pictures, after the frozen ones; with a plan all of its",
            min = 1,
            max = 1000)
        int epochs,
    @Setting(value = "highest learning rate", min = 1e-8, max = 10) double learningRate,
    @Setting(
            value = "share of the steps in which the rate climbs, or is flat",
            min = 0.01,
            max = 0.99)
        double pctStart,
    @Setting(value = "highest rate / first rate", min = 1, max = 1e6) double div,
    @Setting(value = "highest rate / last rate", min = 1, max = 1e12) double divFinal,
    @Setting(
            value = "momentum of the gradients at the start, at the highest rate and at the end",
            min = 0,
            max = 0.9999,
            minItems = 3,
            maxItems = 3)
        List<Double> momentum,
    @Setting(value = "fine-tune: first epochs with the body frozen", min = 0, max = 1000)
        int freezeEpochs,
    @Setting(value = "fine-tune: rate of the last group / rate of the first", min = 1, max = 1e6)
        double learningRateMultiplier,
    @Setting(
            value =
                "fine-tune: 1 whole network, 2 body and head, 3 lower body, upper body and head",
            min = 1,
            max = 3)
        int parameterGroups,
    @Setting(
            value =
                "not fine-tune: sizes and batch sizes to train in, in order, under this one schedule;"
                    + " empty for one",
            maxItems = 16)
        List<Stretch> plan) {

  private static final List<Double> MOMENTUM = List.of(0.95, 0.85, 0.95);
  private static final List<Double> FLAT = List.of(0.95, 0.95, 0.95);

  /** The shape of a phase's learning rate. */
  public enum Policy {
    @JsonProperty("one-cycle")
    ONE_CYCLE,
    @JsonProperty("flat-cosine")
    FLAT_COSINE,
    @JsonProperty("fine-tune")
    FINE_TUNE
  }

  public Phase {
    Settings.check(
        Phase.class,
        policy,
        size,
        batchSize,
        accumulate,
        epochs,
        learningRate,
        pctStart,
        div,
        divFinal,
        momentum,
        freezeEpochs,
        learningRateMultiplier,
        parameterGroups,
        plan);
    List<FieldError> misplaced = new ArrayList<>();
    if (policy != Policy.FINE_TUNE && freezeEpochs > 0) {
      misplaced.add(needsFineTune("freezeEpochs", freezeEpochs, 0));
    }
    if (policy != Policy.FINE_TUNE && parameterGroups > 1) {
      misplaced.add(needsFineTune("parameterGroups", parameterGroups, 1));
    }
    if (policy == Policy.FINE_TUNE && !plan.isEmpty()) {
      String message = plan.size() + " entries > 0: a fine-tune phase has one size";
      misplaced.add(new FieldError("plan", message, plan.size(), 0));
    }
    int planned = epochs(plan);
    if (!plan.isEmpty() && planned != epochs) {
      String message = epochs + " are not the plan's " + planned + "; set both";
      misplaced.add(new FieldError("epochs", message, epochs, planned));
    }
    if (policy == Policy.FLAT_COSINE && div > 1) {
      String message = div + " > 1: a flat-cosine phase begins at its highest rate";
      misplaced.add(new FieldError("div", message, div, 1));
    }
    Settings.refuse(misplaced);
    momentum = List.copyOf(momentum);
    plan = List.copyOf(plan);
  }

  private static int epochs(List<Stretch> plan) {
    return plan.stream().mapToInt(Stretch::epochs).sum();
  }

  private static FieldError needsFineTune(String field, int value, int limit) {
    return new FieldError(
        field, value + " > " + limit + ": only a fine-tune phase freezes or splits", value, limit);
  }

  /** Returns what a phase of that policy is where its author says nothing: fastai's defaults. */
  static Phase defaults(Policy policy) {
    List<Stretch> none = List.of();
    return switch (policy) {
      case ONE_CYCLE ->
          new Phase(policy, 224, 64, 1, 5, 3e-3, 0.25, 25, 1e5, MOMENTUM, 0, 100, 1, none);
      case FLAT_COSINE ->
          new Phase(policy, 224, 64, 1, 5, 3e-3, 0.75, 1, 1e5, FLAT, 0, 100, 1, none);
      case FINE_TUNE ->
          new Phase(policy, 224, 64, 1, 5, 1e-3, 0.3, 5, 1e5, MOMENTUM, 1, 100, 2, none);
    };
  }

  /** Returns the sizes and batch sizes that it trains in: its plan's, or its own. */
  public List<Stretch> stretches() {
    return plan.isEmpty() ? List.of(new Stretch(size, batchSize, totalEpochs())) : plan;
  }

  /** Returns what an epoch trains in, from 0; epochs after the last are as the last. */
  public Stretch stretchAt(int epoch) {
    List<Stretch> stretches = stretches();
    int end = 0;
    for (Stretch stretch : stretches) {
      end += stretch.epochs();
      if (epoch < end) {
        return stretch;
      }
    }
    return stretches.get(stretches.size() - 1);
  }

  /** Returns the same in another size, batch size and number of epochs, without a plan. */
  Phase with(int size, int batchSize, int epochs) {
    return with(size, batchSize, epochs, List.of());
  }

  private Phase with(int size, int batchSize, int epochs, List<Stretch> plan) {
    return new Phase(
        policy,
        size,
        batchSize,
        accumulate,
        epochs,
        learningRate,
        pctStart,
        div,
        divFinal,
        momentum,
        freezeEpochs,
        learningRateMultiplier,
        parameterGroups,
        plan);
  }

  /**
   * Returns the same without the largest sizes of its plan, validating in a size that is smaller in
   * the same proportion.
   *
   * @param sizes how many sizes stay, at least 1
   */
  public Phase smallest(int sizes) {
    List<Integer> all = plan.stream().map(Stretch::size).distinct().sorted().toList();
    if (sizes >= all.size()) {
      return this;
    }
    int largest = all.get(sizes - 1);
    List<Stretch> kept = plan.stream().filter(stretch -> stretch.size() <= largest).toList();
    int scaled = Math.round((float) size * largest / all.get(all.size() - 1));
    return with(Math.max(scaled, 32), batchSize, epochs(kept), kept);
  }

  /** Returns all epochs of this phase, the frozen ones included. */
  public int totalEpochs() {
    return freezeEpochs + epochs;
  }
}
