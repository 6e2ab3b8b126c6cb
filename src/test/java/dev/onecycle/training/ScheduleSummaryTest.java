package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.ScheduleSummary.FitSummary;
import dev.onecycle.training.ScheduleSummary.Point;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleSummaryTest {

  /** The notebook's 10,716 training pictures. */
  private static final int PICTURES = 10_716;

  @Test
  void sumsTheNotebooksPhasesUp() {
    Recipe recipe = RecipeReader.read("notebook-progressive", null);
    TrainingPlan plan = TrainingPlan.of(recipe, phase -> PICTURES, 2_678);
    ScheduleSummary summary = ScheduleSummary.of(recipe, plan);
    assertThat(plan.steps()).isEqualTo(4 * 83 + 6 * 167);

    FitSummary first = summary.phases().get(0).fits().get(0);
    assertThat(summary.phases().get(0).stepsPerEpoch()).isEqualTo(83);
    assertThat(first.steps()).isEqualTo(4 * 83);
    assertThat(first.groups()).hasSize(1);
    assertThat(first.groups().get(0).learningRate().start()).isCloseTo(1.2e-4, within(1e-12));
    assertThat(first.groups().get(0).learningRate().peak()).isEqualTo(3e-3);
    assertThat(first.groups().get(0).learningRate().end()).isCloseTo(3e-8, within(1e-15));
    assertThat(first.momentum()).isEqualTo(new ScheduleSummary.Corners(.95, .85, .95));

    // fine_tune on a plain Learner: nothing frozen, 1e-3 and then 5e-4 for everything.
    FitSummary warmUp = summary.phases().get(1).fits().get(0);
    FitSummary rest = summary.phases().get(1).fits().get(1);
    assertThat(warmUp.epochs()).isEqualTo(1);
    assertThat(warmUp.groups().get(0).frozen()).isFalse();
    assertThat(warmUp.groups().get(0).learningRate().start()).isCloseTo(4e-5, within(1e-12));
    assertThat(rest.steps()).isEqualTo(5 * 167);
    assertThat(rest.groups().get(0).learningRate().peak()).isCloseTo(5e-4, within(1e-12));
    assertThat(rest.groups().get(0).learningRate().end()).isCloseTo(5e-9, within(1e-15));
  }

  @Test
  void showsWhatFreezingAndGroupsMean() {
    Recipe recipe = RecipeReader.read("progressive", null);
    TrainingPlan plan = TrainingPlan.of(recipe, phase -> PICTURES, 2_678);
    var fits = ScheduleSummary.of(recipe, plan).phases().get(1).fits();
    assertThat(fits.get(0).groups())
        .extracting(ScheduleSummary.Group::frozen)
        .containsExactly(true, false);
    assertThat(fits.get(1).groups())
        .extracting(g -> g.learningRate().peak())
        .satisfiesExactly(
            body -> assertThat(body).isCloseTo(5e-6, within(1e-12)),
            head -> assertThat(head).isCloseTo(5e-4, within(1e-12)));
  }

  @Test
  void theCurveIsTheTrainersAtEvenlySpreadSteps() {
    Recipe recipe = RecipeReader.read("notebook-progressive", null);
    TrainingPlan plan = TrainingPlan.of(recipe, phase -> PICTURES, 2_678);
    var curve = ScheduleSummary.of(recipe, plan).curve();
    assertThat(curve).hasSize(200);
    assertThat(curve.get(0)).isEqualTo(new Point(1, 3e-3 / 25, 0.95));
    assertThat(curve.get(199).step()).isEqualTo(plan.steps());
    assertThat(curve).extracting(Point::step).isSorted().doesNotHaveDuplicates();
    Fit second = Fit.of(recipe.phases().get(1)).get(0);
    Point inSecond = curve.stream().filter(p -> p.step() > 4 * 83).findFirst().orElseThrow();
    double position = (inSecond.step() - 1 - 4 * 83) / 167.0;
    assertThat(inSecond.learningRate()).isEqualTo(second.shown().learningRateAt(position));
  }

  @Test
  void aPlanIsOneFitUnderOneCurve() {
    Map<String, ?> small = Map.of("size", 64, "batchSize", 64, "epochs", 3);
    Map<String, ?> large = Map.of("size", 96, "batchSize", 16, "epochs", 2);
    Map<String, ?> phase = Map.of("size", 128, "plan", List.of(small, large), "pctStart", 0.25);
    Recipe recipe = RecipeReader.read(Map.of("phases", List.of(phase)), null);
    ScheduleSummary summary =
        ScheduleSummary.of(recipe, TrainingPlan.of(recipe, ignored -> 128, 10));
    ScheduleSummary.PhaseSummary only = summary.phases().get(0);
    assertThat(only.size()).isEqualTo(128);
    assertThat(only.stretches())
        .containsExactly(
            new ScheduleSummary.StretchSummary(64, 64, 3, 2),
            new ScheduleSummary.StretchSummary(96, 16, 2, 8));
    assertThat(only.fits()).extracting(FitSummary::steps).containsExactly(6L + 16);
    assertThat(summary.curve()).hasSize(22);
    // One cosine: position 11/22 of the steps is in the first epoch of the second size.
    double expected =
        new OneCycle(3e-3, 0.25, 25, 1e5, OneCycle.Momentum.FASTAI).learningRateAt(0.5);
    assertThat(summary.curve().get(11).learningRate()).isEqualTo(expected);
  }

  @Test
  void aShortRunHasAPointAStep() {
    Recipe recipe = RecipeReader.read("smoke", Map.of("phases[0].epochs", 2));
    TrainingPlan plan = TrainingPlan.of(recipe, phase -> 64, 10);
    assertThat(ScheduleSummary.of(recipe, plan).curve())
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L, 4L);
    TrainingPlan one = TrainingPlan.of(RecipeReader.read("smoke", ONE_EPOCH), phase -> 32, 10);
    assertThat(ScheduleSummary.of(RecipeReader.read("smoke", ONE_EPOCH), one).curve()).hasSize(1);
  }

  private static final Map<String, ?> ONE_EPOCH = Map.of("phases[0].epochs", 1);

  @Test
  void refusesAFitThatWouldNeverUpdate() {
    Recipe recipe =
        RecipeReader.read("smoke", Map.of("phases[0].accumulate", 5, "phases[0].epochs", 2));
    assertThat(TrainingPlan.of(recipe, phase -> 96, 10).steps()).isEqualTo(6);
    assertThatThrownBy(() -> TrainingPlan.of(recipe, phase -> 64, 10))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageStartingWith("accumulate 5 > 4 steps");
  }
}
