package dev.onecycle.training;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.training.TrainingPlan.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keeper of a training's time: it holds the plan, sees how fast steps are, and plans what is
 * left anew at the end of each epoch and whenever a fiftieth of the time has passed. The share of
 * the schedule that is done stays; how many steps share the rest changes.
 *
 * <p>What it decided is part of the training's state: a training that goes on does so by the plan
 * that it had, on whatever machine, until it looks at the clock again.
 */
public final class Timekeeper {

  private static final String SIZES = "budget.sizes";
  private static final int LOOKS = 50;
  private static final double MARGIN = 0.02;
  private static final double MOST_MARGIN_SECONDS = 10;
  private static final double WORTH_TELLING = 0.2;
  private static final int MOST_TOLD = 100;

  private final BudgetPlanner planner;
  private final double total;
  private final boolean pausesCount;
  private final DoubleSupplier passed;
  private final Consumer<String> told;
  private StepTimes times;
  private TrainingPlan plan;
  private double before;
  private double slower = 1;
  private double lookedAt;
  private @Nullable Position lookedFrom = Position.START;
  private boolean warm;
  private long expected;
  private int tellings;

  /**
   * Makes the keeper of a training that begins.
   *
   * @param times as they were measured
   * @param total seconds that there are, from when {@code passed} was zero
   * @param pausesCount whether the time between two attempts does, or only that of each
   * @param passed seconds since this attempt began
   * @param told hears sentences of what was decided
   */
  public Timekeeper(
      BudgetPlanner planner,
      StepTimes times,
      double total,
      boolean pausesCount,
      DoubleSupplier passed,
      Consumer<String> told) {
    this.planner = planner;
    this.times = times;
    this.total = total;
    this.pausesCount = pausesCount;
    this.passed = passed;
    this.told = told;
    plan = planner.plan(times, forTraining());
    lookedAt = passed.getAsDouble();
    expected = plan.steps();
  }

  /** Returns the seconds that are left of the whole budget. */
  public double left() {
    return total - before - passed.getAsDouble();
  }

  private double forTraining() {
    return left() - Math.min(MARGIN * total, MOST_MARGIN_SECONDS);
  }

  /** Returns the plan as it is now. */
  public TrainingPlan plan() {
    return plan;
  }

  /** Returns how long a validation of the last phase takes, in seconds. */
  public double validationSeconds() {
    return times.validations().get(times.validations().size() - 1) * Math.max(1, slower);
  }

  /** Returns whether it is time to look, within an epoch. */
  boolean isDue() {
    return passed.getAsDouble() - lookedAt >= Math.min(total / LOOKS, Math.max(0, left()) / 10);
  }

  /** Plans the rest anew from there and returns the plan. */
  TrainingPlan planFrom(Position at) {
    double now = passed.getAsDouble();
    if (lookedFrom != null) {
      learn(lookedFrom, at, now - lookedAt);
    }
    plan = planner.planFrom(plan, at, times.times(slower), forTraining());
    lookedAt = now;
    lookedFrom = at;
    tell(at);
    return plan;
  }

  private void learn(Position from, Position at, double seconds) {
    if (at.startOfEpoch().equals(from.startOfEpoch())) {
      stepsTook(seconds, at.step() - from.step(), from);
    } else {
      epochEndTook(seconds, from);
      warm = isAlike(from, at);
    }
  }

  /** Steps in a size that is new to this machine take longer at first, and say nothing. */
  private void stepsTook(double seconds, int steps, Position in) {
    if (warm && steps > 0) {
      slower = (slower + seconds / steps / stepSeconds(in)) / 2;
    }
    warm = true;
  }

  private double stepSeconds(Position in) {
    Part part = plan.partAt(in.phase(), in.epoch());
    return times.steps().get(planner.indexOf(in.phase(), part));
  }

  /** Learns what validation and what is kept then took, beside the epoch's last steps. */
  private void epochEndTook(double seconds, Position from) {
    int phase = from.phase();
    if (from.epoch() >= plan.epochs(phase)
        || !planner.validates(from.epoch(), plan.epochs(phase))) {
      return;
    }
    int steps = plan.stepsPerEpoch(phase, from.epoch()) - from.step();
    double rest = Math.max(0, seconds - steps * stepSeconds(from) * slower);
    List<Double> validations = new ArrayList<>(times.validations());
    validations.set(phase - 1, (validations.get(phase - 1) + rest / Math.max(1, slower)) / 2);
    times = new StepTimes(times.steps(), validations, times.end());
  }

  private boolean isAlike(Position before, Position at) {
    return at.phase() == before.phase()
        && at.epoch() < plan.epochs(at.phase())
        && stretch(before).size() == stretch(at).size()
        && stretch(before).batchSize() == stretch(at).batchSize();
  }

  private Stretch stretch(Position at) {
    return plan.partAt(at.phase(), at.epoch()).stretch();
  }

  private void tell(Position at) {
    long left = plan.steps() - plan.stepsAt(at);
    long thought = expected - plan.stepsAt(at);
    if (Math.abs(left - thought) > WORTH_TELLING * Math.max(1, thought) && tellings < MOST_TOLD) {
      tellings++;
      expected = plan.steps();
      told.accept(
          String.format(
              Locale.ROOT,
              "%s left: %d more steps and not %d, for they take %.2f times as long as measured",
              time(left()),
              left,
              thought,
              slower));
    }
  }

  /** Returns the plan in words. */
  public String describe() {
    String phases =
        plan.phases().stream()
            .flatMap(List::stream)
            .map(Timekeeper::describe)
            .collect(Collectors.joining(", "));
    String each =
        IntStream.range(0, times.steps().size())
            .mapToObj(
                i ->
                    String.format(
                        Locale.ROOT,
                        "%dpx %.3f s",
                        planner.stretches().get(i).size(),
                        times.steps().get(i)))
            .distinct()
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%s left: %d steps (%s); a step takes %s, a validation %.2f s, the evaluation %.2f s",
        time(left()),
        plan.steps(),
        phases,
        each,
        times.validations().get(0),
        times.end());
  }

  private static String describe(Part part) {
    Stretch in = part.stretch();
    return "%d x %d of %dpx by %d"
        .formatted(in.epochs(), part.stepsPerEpoch(), in.size(), in.batchSize());
  }

  private static String time(double seconds) {
    return Duration.ofSeconds(Math.round(Math.max(0, seconds)))
        .toString()
        .substring(2)
        .toLowerCase(Locale.ROOT);
  }

  /** Exchanges what was decided, and the time that was used up. */
  void exchange(StateExchange with) {
    with.number(SIZES, planner.sizes());
    double used = before + passed.getAsDouble();
    double then = with.number("budget.used", used);
    if (then != used) { // read back, by a later attempt
      before = pausesCount ? 0 : then;
      lookedFrom = null;
    }
    slower = with.number("budget.slower", slower);
    times =
        new StepTimes(
            exchange(with, "budget.steps", times.steps()),
            exchange(with, "budget.validations", times.validations()),
            with.number("budget.end", times.end()));
    plan = plan.exchange(with);
    expected = plan.steps();
  }

  private static List<Double> exchange(StateExchange with, String name, List<Double> values) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> with.number(name + "." + i, values.get(i)))
        .toList();
  }

  /** Returns how many sizes the training had that a state is of. */
  public static int sizes(TrainingStateReader state) {
    return (int) state.number(SIZES, 0);
  }
}
