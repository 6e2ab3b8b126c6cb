package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings on a machine whose clock is turned by the test end in time, and whole. */
class TimekeeperTest {

  private static final int PICTURES = 9_469;
  private static final int VALID = 3_925;

  /** Of a measured picture of 64 px, in seconds; of others as their area. */
  private static final double PICTURE = 2.5e-3;

  @ParameterizedTest
  @ValueSource(doubles = {20, 60, 300, 720, 3_600, 86_400})
  void asMeasured(double seconds) {
    Simulated run = run("fast", seconds, time -> 1);
    run.assertEndedWhole();
    assertThat(run.clock).isLessThanOrEqualTo(seconds * 1.01);
    if (seconds < 10 * 667) { // else all that it may train fits
      assertThat(run.clock).isGreaterThan(seconds * 0.93);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "60, 0.5, 2",
    "300, 0.5, 2",
    "720, 0.5, 2",
    "720, 0.9, 2",
    "720, 0.5, 0.5",
    "60, 0.5, 0.5",
    "720, 0.1, 4",
    "720, 0.1, 0.25",
    "3600, 0.97, 2"
  })
  void aMachineThatBecomesSlowerOrFaster(double seconds, double when, double times) {
    Simulated run = run("fast", seconds, time -> time < when * seconds ? 1 : times);
    run.assertEndedWhole();
    assertThat(run.clock).isBetween(seconds * 0.88, seconds + Math.min(30, seconds * 0.05));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smoke", "progressive", "finetune", "baseline"})
  void otherRecipes(String preset) {
    for (double seconds : new double[] {900, 12_000}) {
      Simulated run = run(preset, seconds, time -> time < seconds / 3 ? 1 : 1.5);
      run.assertEndedWhole();
      assertThat(run.clock).as("%s in %s s", preset, seconds).isLessThan(seconds * 1.05);
    }
  }

  @Test
  void wrongMeasurementsAreOutgrown() {
    Simulated slow = run("fast", 600, time -> 3);
    slow.assertEndedWhole();
    assertThat(slow.clock).isBetween(550.0, 630.0);
    Simulated fast = run("fast", 600, time -> 0.3);
    fast.assertEndedWhole();
    assertThat(fast.clock).isBetween(550.0, 630.0);
  }

  @Test
  void fewerSizesForLittleTime() {
    assertThat(sizes("fast", 100)).containsOnlyKeys(64);
    assertThat(sizes("fast", 170)).containsOnlyKeys(64, 96);
    Map<Integer, Long> all = sizes("fast", 2_000);
    assertThat(all).containsOnlyKeys(64, 96, 112);
    // eight, four and three fifteenths
    assertThat((double) all.get(64) / all.get(96)).isBetween(1.9, 2.1);
    assertThat((double) all.get(96) / all.get(112)).isBetween(1.2, 1.5);
  }

  @Test
  void aTimeTooShortForAnythingIsAShortestTraining() {
    Simulated run = run("fast", 1, time -> 1);
    run.assertEndedWhole();
    assertThat(run.steps).isEqualTo(1);
    assertThat(run.validated).isEqualTo(1);
  }

  @Test
  void aMachineThatNearlyStopsEndsAtTheNextLook() {
    Simulated run = run("fast", 300, time -> time < 100 ? 1 : 1_000);
    assertThat(run.left()).as("steps after that").isLessThan(60);
  }

  @Test
  void aLaterAttemptHasThePlanAndTheTimeThatWereKept() {
    Simulated run = run("fast", 600, time -> time < 300 ? 1 : 1.7);
    Map<String, Double> kept = new HashMap<>();
    run.keeper.exchange(new Numbers(kept, true));
    StepTimes other = run.times.times(9);
    for (boolean pausesCount : new boolean[] {false, true}) {
      Timekeeper later = new Timekeeper(run.planner, other, 600, pausesCount, () -> 5, told -> {});
      assertThat(later.plan()).isNotEqualTo(run.keeper.plan());
      later.exchange(new Numbers(kept, false));
      assertThat(later.plan()).isEqualTo(run.keeper.plan());
      assertThat(later.validationSeconds()).isEqualTo(run.keeper.validationSeconds());
      assertThat(later.left()).isEqualTo(pausesCount ? 595 : run.keeper.left() - 5);
    }
  }

  /** A training's state that is numbers only. */
  private record Numbers(Map<String, Double> kept, boolean out) implements StateExchange {
    @Override
    public void tensor(String name, Tensor values) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public double number(String name, double value) {
      if (out) {
        kept.put(name, value);
        return value;
      }
      return kept.get(name);
    }
  }

  private static Map<Integer, Long> sizes(String preset, double seconds) {
    Simulated run = run(preset, seconds, time -> 1);
    return run.sizes;
  }

  private static Simulated run(String preset, double seconds, DoubleUnaryOperator slower) {
    Recipe recipe = RecipeReader.read(preset, Map.of());
    PictureTimes times = new PictureTimes(Map.of(64, PICTURE), Map.of(), 0);
    BudgetPlanner planner =
        BudgetPlanner.choose(
            recipe, phase -> PICTURES, each -> times.steps(each, VALID, 1, 1), seconds);
    Simulated run = new Simulated(planner, times.steps(planner, VALID, 1, 1), seconds, slower);
    run.train();
    return run;
  }

  /** What a trainer does, without a network. */
  private static final class Simulated {
    private final BudgetPlanner planner;
    private final StepTimes times;
    private final Timekeeper keeper;
    private final DoubleUnaryOperator slower;
    private final Map<Integer, Long> sizes = new TreeMap<>();
    private final List<Double> done = new ArrayList<>();
    private Position position = Position.START;
    private double clock;
    private long steps;
    private long stepsBeforeSlow;
    private int validated;

    Simulated(BudgetPlanner planner, StepTimes times, double seconds, DoubleUnaryOperator slower) {
      this.planner = planner;
      this.times = times;
      this.slower = slower;
      keeper = new Timekeeper(planner, times, seconds, false, () -> clock, told -> {});
    }

    /** Returns how many steps were taken once the machine was slow. */
    long left() {
      return steps - stepsBeforeSlow;
    }

    private void pass(double seconds) {
      stepsBeforeSlow = slower.applyAsDouble(clock) < 1_000 ? steps + 1 : stepsBeforeSlow;
      clock += seconds * slower.applyAsDouble(clock);
    }

    void train() {
      TrainingPlan plan = keeper.plan();
      int phases = plan.phases().size();
      for (; position.phase() <= phases; position = position.nextPhase()) {
        int phase = position.phase();
        while (position.epoch() < plan.epochs(phase)) {
          TrainingPlan.Part part = plan.partAt(phase, position.epoch());
          assertThat(part.stepsPerEpoch())
              .isLessThanOrEqualTo(PICTURES / part.stretch().batchSize());
          while (position.step() < plan.stepsPerEpoch(phase, position.epoch())) {
            int begin = plan.begin(phase, part.fit());
            done.add(
                10 * phase
                    + part.fit()
                    + plan.done(
                        phase,
                        part.fit(),
                        plan.stepsOf(phase, begin, position.epoch()) + position.step()));
            pass(times.steps().get(planner.indexOf(phase, part)));
            sizes.merge(part.stretch().size(), 1L, Long::sum);
            steps++;
            position = position.nextStep();
            boolean trained = position.step() >= plan.stepsPerEpoch(phase, position.epoch());
            if (!trained && keeper.isDue()) {
              Stretch before = plan.partAt(phase, position.epoch()).stretch();
              plan = keeper.planFrom(position);
              Stretch after = plan.partAt(phase, position.epoch()).stretch();
              assertThat(after.size()).isEqualTo(before.size());
              assertThat(plan.stepsAt(position)).as("what is done stays").isEqualTo(steps);
            }
          }
          if (planner.validates(position.epoch(), plan.epochs(phase))) {
            pass(times.validations().get(phase - 1));
            validated++;
          }
          boolean last = phase == phases && position.epoch() == plan.epochs(phase) - 1;
          position = position.nextEpoch();
          if (!last) {
            plan = keeper.planFrom(position);
          }
        }
      }
      pass(times.end());
      assertThat(plan.steps()).isEqualTo(steps);
    }

    /** The schedule never went back, and came to where its last step ends it. */
    void assertEndedWhole() {
      for (int i = 1; i < done.size(); i++) {
        assertThat(done.get(i)).isGreaterThan(done.get(i - 1));
      }
      assertThat(keeper.plan().phases()).hasSize(planner.recipe().phases().size());
      double last = done.get(done.size() - 1) % 1;
      assertThat(1 - last).as("of the last of %s steps", steps).isLessThanOrEqualTo(40.0 / steps);
    }
  }
}
