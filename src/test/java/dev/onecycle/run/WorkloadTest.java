package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.TrainingPlan;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  private static final Recipe PROGRESSIVE =
      RecipeReader.read("progressive", Map.of("architecture", "xresnet18"));

  /** Four epochs of 6 steps of 128 pictures at 128px, then six of 12 of 64 at 224px. */
  private static Workload work() {
    TrainingPlan plan = TrainingPlan.of(PROGRESSIVE, phase -> 800, 150);
    return Workload.training(PROGRESSIVE, plan.stepsPerEpoch(), 150, 3_000);
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
