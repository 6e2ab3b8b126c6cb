package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.testing.Goldens;
import dev.onecycle.training.optimizer.Rates;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Learning rate and momentum of every step, against what fastai's recorder wrote down. */
class FitGoldenTest {

  private static final JsonNode GOLDEN = Goldens.json("B_schedule/schedules.json");

  /** fastai keeps the corners of a schedule in single precision: the steeper, the farther off. */
  private static double error(OneCycle schedule) {
    double width = Math.min(schedule.pctStart(), 1 - schedule.pctStart());
    return 2e-7 / Math.min(1, 4 * width);
  }

  @ParameterizedTest
  @CsvSource({
    "one_cycle_5_3e-3_nb10, 5, 0, 1",
    "one_cycle_4_3e-3_nb10, 4, 0, 1",
    "one_cycle_5_3e-3_nb167, 5, 0, 1",
    "one_cycle_4_3e-3_nb83, 4, 0, 1",
    "one_cycle_1_3e-3_nb5, 1, 0, 1",
    "fine_tune_5_1e-3_nb10, 0, 5, 1",
    "fine_tune_5_1e-3_nb167, 0, 5, 1",
    "after_one_cycle_then_fine_tune_nb10, 4, 5, 1",
    "CONTRAST_two_groups_fine_tune_5_1e-3_nb10, 0, 5, 2",
    "three_groups_fine_tune_5_1e-3_nb10, 0, 5, 3"
  })
  void everyStepOfEveryFitIsFastais(String run, int oneCycle, int fineTune, int groups) {
    List<Fit> fits = fits(oneCycle, fineTune, groups);
    JsonNode golden = GOLDEN.get(run);
    assertThat(fits).hasSize(golden.get("fits").size());
    for (int i = 0; i < fits.size(); i++) {
      check(fits.get(i), golden.get("fits").get(i), golden.get("n_batches").asInt());
    }
  }

  @Test
  void flatCosineIsFastais() {
    Map<String, ?> flat = Map.of("policy", "flat-cosine", "epochs", 4, "learningRate", 8e-3);
    Phase phase = RecipeReader.read(Map.of("phases", List.of(flat)), null).phases().get(0);
    Fit fit = Fit.of(phase).get(0);
    JsonNode golden = Goldens.json("N_optimizers/flat_cosine.json");
    for (int step = 0; step < golden.size(); step++) {
      Rates rates = fit.ratesAt((double) step / golden.size()).get(0);
      assertThat(rates.learningRate()).isCloseTo(golden.get(step).asDouble(), within(1e-8));
      assertThat(rates.momentum()).isEqualTo(.95);
    }
    assertThat(Fit.of(phase)).hasSize(1);
    assertThat(golden.size()).isEqualTo(40);
  }

  private static List<Fit> fits(int oneCycle, int fineTune, int groups) {
    List<Map<String, ?>> phases = new ArrayList<>();
    if (oneCycle > 0) {
      phases.add(Map.of("policy", "one-cycle", "epochs", oneCycle, "learningRate", 3e-3));
    }
    if (fineTune > 0) {
      phases.add(
          Map.of(
              "policy",
              "fine-tune",
              "epochs",
              fineTune,
              "learningRate",
              1e-3,
              "parameterGroups",
              groups));
    }
    List<Phase> read = RecipeReader.read(Map.of("phases", phases), null).phases();
    return read.stream().flatMap(phase -> Fit.of(phase).stream()).toList();
  }

  private static void check(Fit fit, JsonNode golden, int batches) {
    JsonNode info = golden.get("info");
    int groups = info.get("n_param_groups").asInt();
    assertThat(fit.epochs()).isEqualTo(info.get("n_epoch").asInt());
    assertThat(fit.schedules()).hasSize(groups);
    assertThat(fit.frozen()).isEqualTo(info.get("frozen_idx").asInt() > 0);
    int steps = fit.epochs() * batches;
    assertThat(golden.get("lr").size()).isEqualTo(steps);
    for (int step = 0; step < steps; step++) {
      List<Rates> rates = fit.ratesAt((double) step / steps);
      JsonNode learningRates = golden.get("lr").get(step);
      for (int group = 0; group < groups; group++) {
        Rates now = rates.get(group);
        double expected = (groups == 1 ? learningRates : learningRates.get(group)).asDouble();
        OneCycle schedule = fit.schedules().get(group);
        double error = error(schedule);
        assertThat(now.learningRate()).isCloseTo(expected, within(error * schedule.learningRate()));
        assertThat(now.momentum()).isCloseTo(golden.get("mom").get(step).asDouble(), within(error));
        assertThat(now.frozen()).isEqualTo(fit.frozen() && group < groups - 1);
      }
    }
  }
}
