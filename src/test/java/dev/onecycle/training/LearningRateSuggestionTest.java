package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.Goldens;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class LearningRateSuggestionTest {

  private static final JsonNode GOLDEN = Goldens.json("H_lr_find/lr_find.json");

  @ParameterizedTest
  @CsvSource({
    "formula_sequence, losses",
    "early_stop_sequence_72, losses",
    "real_run, smooth_losses",
  })
  void suggestsWhatTheReferenceDoes(String sequence, String losses) {
    JsonNode golden = GOLDEN.get(sequence);

    assertSuggests(
        golden, LearningRateSuggestion.of(numbers(golden, "lrs"), numbers(golden, losses)));
  }

  @Test
  void readsOnlyUpToTheFirstLossThatIsNotANumber() {
    JsonNode sequence = GOLDEN.get("formula_sequence");
    double[] losses = numbers(sequence, "losses");
    losses[80] = Double.NaN;

    assertSuggests(
        GOLDEN.get("nan_sequence"), LearningRateSuggestion.of(numbers(sequence, "lrs"), losses));
  }

  @Test
  void refusesASweepThatEndedTooEarly() {
    double[] rates = new double[31];
    Arrays.setAll(rates, i -> Math.pow(10, i - 30));

    assertThatThrownBy(() -> LearningRateSuggestion.of(rates, new double[31]))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("16 steps of the sweep can be read < minimum 17");
  }

  @Test
  void staysInsideACurveThatNeverFalls() {
    double[] rates = new double[40];
    double[] losses = new double[40];
    Arrays.setAll(rates, i -> i + 1);
    Arrays.setAll(losses, i -> i);

    assertThat(LearningRateSuggestion.of(rates, losses).valley()).isEqualTo(11);
  }

  private static void assertSuggests(JsonNode golden, LearningRateSuggestion found) {
    JsonNode expected = golden.get("suggest");
    assertThat(found.valley()).isEqualTo(rate(expected, "valley"));
    assertThat(found.slide()).isEqualTo(rate(expected, "slide"));
    assertThat(found.minimum()).isCloseTo(rate(expected, "minimum"), within(1e-15));
    assertThat(found.steep()).isEqualTo(rate(expected, "steep"));
  }

  private static double rate(JsonNode expected, String rule) {
    return expected.get(rule).get("lr").asDouble();
  }

  private static double[] numbers(JsonNode node, String field) {
    return node.get(field).valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }
}
