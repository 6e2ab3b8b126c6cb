package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.TrainingPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  private static final Recipe PROGRESSIVE =
      RecipeReader.read("progressive", Map.of("architecture", "xresnet18"));

  /** Four epochs of 6 steps of 128 pictures at 128px, then six of 12 of 64 at 224px. */
  private static Workload work() {
    TrainingPlan plan = TrainingPlan.of(PROGRESSIVE, phase -> 800, 150);
    return Workload.training(PROGRESSIVE, plan::stepsPerEpoch, 150, 3_000);
  }

  @Test
  void countsTrainingValidationAndEvaluation() {
    assertThat(work().architecture()).isEqualTo("xresnet18");
    assertThat(work().stretches())
        .extracting(Workload.Stretch::size)
        .containsExactly(128, 224, 224);
    assertThat(work().stretches())
        .extracting(Workload.Stretch::steps)
        .containsExactly(24L, 72L, 0L);
    assertThat(work().stretches().get(0).pictures()).isCloseTo(24 * 128 + 4 * 50, within(1e-9));
    assertThat(work().stretches().get(1).pictures()).isCloseTo(72 * 64 + 6 * 50, within(1e-9));
    assertThat(work().stretches().get(2).pictures()).isCloseTo(1_000, within(1e-9));
  }

  /** Four epochs of 3,272 pictures' worth at 128px, six of 4,908 at 224px, then 1,000 of these. */
  @Test
  void epochsAreAShareOfTheWorkByTheAreaOfTheirPictures() {
    double small = 3_272 * 128.0 * 128;
    double large = 4_908 * 224.0 * 224;
    double all = small + large + 1_000 * 224.0 * 224;
    assertThat(work().doneAfter(0)).isZero();
    assertThat(work().doneAfter(1)).isCloseTo(small / 4 / all, within(1e-9));
    assertThat(work().doneAfter(7)).isCloseTo((small + large / 2) / all, within(1e-9));
    assertThat(work().doneAfter(99)).isCloseTo((small + large) / all, within(1e-9));
  }

  /** Validations and the evaluation look at 128px: four times the area of 64px. */
  @Test
  void countsAPlansPartsAndTheirValidations() {
    Map<String, ?> small = Map.of("size", 64, "batchSize", 32, "epochs", 3);
    Map<String, ?> large = Map.of("size", 96, "batchSize", 16, "epochs", 2);
    Map<String, ?> phase = Map.of("size", 128, "plan", List.of(small, large));
    Recipe recipe =
        RecipeReader.read(
            Map.of("phases", List.of(phase, Map.of("epochs", 1)), "validateEvery", 2), null);
    TrainingPlan plan = TrainingPlan.of(recipe, ignored -> 320, 150);
    Workload work = Workload.training(recipe, plan::stepsPerEpoch, 150, 3_000);
    assertThat(work.stretches())
        .extracting(Workload.Stretch::steps)
        .containsExactly(30L, 40L, 5L, 0L);
    assertThat(work.stretches().get(0).pictures()).isCloseTo(30 * 32 + 4 * 50, within(1e-9));
    double area = 128 * 128 / (96.0 * 96);
    assertThat(work.stretches().get(1).pictures()).isCloseTo(40 * 16 + 2 * 50 * area, within(1e-9));
    assertThat(work.sizeAt(1, 2)).isEqualTo(64);
    assertThat(work.sizeAt(1, 3)).isEqualTo(96);
    assertThat(work.sizeAt(2, 0)).isEqualTo(224);
  }

  /** An older row says of no stretch what it is part of: each phase was one. */
  @Test
  void knowsTheSizesOfOlderRows() {
    Workload old =
        new Workload(
            "xresnet18",
            "auto",
            List.of(new Workload.Stretch(128, 24, 3_272), new Workload.Stretch(224, 72, 4_908)));
    assertThat(old.sizeAt(1, 3)).isEqualTo(128);
    assertThat(old.sizeAt(2, 0)).isEqualTo(224);
  }

  @Test
  void whatIsDoneIsNotLeft() {
    assertThat(work().after(0)).isEqualTo(work());
    Workload inTheSecond = work().after(24 + 18);
    assertThat(inTheSecond.stretches().get(0).pictures()).isZero();
    assertThat(inTheSecond.stretches().get(1).pictures())
        .isCloseTo(0.75 * (72 * 64 + 6 * 50), within(1e-9));
    Workload trained = work().after(96);
    assertThat(trained.stretches().get(1).pictures()).isZero();
    assertThat(trained.stretches().get(2)).isEqualTo(work().stretches().get(2));
  }
}
