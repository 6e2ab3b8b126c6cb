package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.testing.Goldens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Against what fastai's {@code learn.tta} returned for the same logits. */
class TestTimeAugmentationTest {

  private static final JsonNode GOLDEN = Goldens.json("F_tta/tta.json");
  private static final int CLASSES = 4;

  private static double[] view(int pass, int item) {
    float[] logits = new float[CLASSES];
    for (int k = 0; k < CLASSES; k++) {
      logits[k] = (float) GOLDEN.at("/logits/" + pass + "/" + item + "/" + k).asDouble();
    }
    return TestTimeAugmentation.softmax(logits, 0, CLASSES);
  }

  private static List<double[]> augmented(int passes, int item) {
    List<double[]> views = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      views.add(view(pass, item));
    }
    return views;
  }

  private static void assertEqual(double[] combined, String key, int item) {
    JsonNode expected = GOLDEN.get(key).get("preds").get(item);
    for (int k = 0; k < CLASSES; k++) {
      assertThat(combined[k]).isCloseTo(expected.get(k).asDouble(), within(1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "beta0.25, 4, 0.25",
    "beta0.5, 4, 0.5",
    "beta0, 4, 0",
    "beta1, 4, 1",
    "n2_beta0.25, 2, 0.25"
  })
  void meansWeighThePlainView(String key, int passes, double beta) {
    for (int item = 0; item < GOLDEN.get("n_items").asInt(); item++) {
      double[] mean = TestTimeAugmentation.mean(augmented(passes, item), view(passes, item), beta);
      assertEqual(mean, key, item);
    }
  }

  @Test
  void maximumTakesEveryView() {
    for (int item = 0; item < GOLDEN.get("n_items").asInt(); item++) {
      assertEqual(TestTimeAugmentation.maximum(augmented(5, item)), "use_max", item);
    }
  }

  @Test
  void softmaxOfHugeLogitsIsFinite() {
    assertThat(TestTimeAugmentation.softmax(new float[] {9, 1e30f, -1e30f}, 1, 2))
        .containsExactly(1, 0);
  }
}
