package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Tensor;
import java.util.Arrays;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Every loss that a recipe can ask for and its gradient, against fastai's and float64's numbers.
 */
@ExtendWith(OnTorchThread.class)
class ObjectiveGoldenTest {

  private static final JsonNode GOLDEN = Goldens.json("C_losses/losses.json");
  private static final int PICTURES = 6;
  private static final int CLASSES = 10;

  @ParameterizedTest
  @CsvSource({
    "cross_entropy, 0",
    "label_smoothing_eps0.1, 0.1",
    "label_smoothing_eps0.2, 0.2",
  })
  void lossAndGradientAreFastais(String form, double smoothing) {
    check(form, smoothing, (objective, logits) -> objective.loss(logits, targets(0, PICTURES)));
  }

  @ParameterizedTest
  @CsvSource({"mixup_cross_entropy, 0", "mixup_label_smoothing_eps0.1, 0.1"})
  void lossOfBlendedPicturesAndItsGradientAreFastais(String form, double smoothing) {
    check(
        form,
        smoothing,
        (objective, logits) -> objective.blendedLoss(logits, targets(0, PICTURES), blending()));
  }

  /** For cross-entropy, blending two losses is the loss against blended targets. */
  @Test
  void blendedCrossEntropyIsThatOfSoftTargets() {
    double soft = GOLDEN.at("/mixup_soft_target_cross_entropy/loss_fp64").asDouble();
    try (Objective objective = new Objective(0)) {
      Tensor loss = objective.blendedLoss(logits(0, PICTURES), targets(0, PICTURES), blending());
      assertThat((double) loss.item()).isCloseTo(soft, within(1e-6));
    }
  }

  @Test
  void picturesAreBlendedAsFastaiDoes() {
    float[] pixels = new float[PICTURES * 12];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i / 10f;
    }
    try (Objective objective = new Objective(0)) {
      Tensor pictures = Tensor.of(pixels, PICTURES, 3, 2, 2);
      float[] blended = objective.blend(pictures, blending()).floats();
      for (int i = 0; i < blended.length; i++) {
        String path = "/%d/%d/%d/%d".formatted(i / 12, i / 4 % 3, i / 2 % 2, i % 2);
        double expected = GOLDEN.get("mixup_cross_entropy").get("mixed_x").at(path).asDouble();
        assertThat((double) blended[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  /** A last batch of fewer pictures counts by its size. */
  @ParameterizedTest
  @CsvSource({"0, cross_entropy", "0.1, label_smoothing_eps0.1"})
  void validationCountsEveryPictureAlike(double smoothing, String form) {
    double sum =
        GOLDEN.get(form).get("per_item").valueStream().mapToDouble(JsonNode::asDouble).sum();
    try (Objective objective = new Objective(smoothing)) {
      Tensor totals = Tensor.zeros(2);
      objective.score(totals, logits(0, 4), targets(0, 4));
      objective.score(totals, logits(4, 6), targets(4, 6));
      assertThat((double) totals.floats()[0]).isCloseTo(sum, within(1e-5));
      assertThat(totals.floats()[1]).isEqualTo(toldRight());
    }
  }

  private static float toldRight() {
    int right = 0;
    for (int n = 0; n < PICTURES; n++) {
      JsonNode row = GOLDEN.get("logits").get(n);
      double own = row.get(GOLDEN.get("targets").get(n).asInt()).asDouble();
      right += row.valueStream().allMatch(logit -> logit.asDouble() <= own) ? 1 : 0;
    }
    return right;
  }

  private static void check(
      String form, double smoothing, BiFunction<Objective, Tensor, Tensor> computed) {
    JsonNode expected = GOLDEN.get(form);
    Tensor leaf = logits(0, PICTURES).leaf();
    try (Objective objective = new Objective(smoothing)) {
      Tensor loss;
      try (var recording = Gradients.record()) {
        loss = computed.apply(objective, leaf);
      }
      loss.backward();
      assertThat((double) loss.item())
          .isCloseTo(expected.get("loss_fp64").asDouble(), within(1e-6));
      float[] gradient = leaf.gradient().floats();
      for (int i = 0; i < gradient.length; i++) {
        assertThat((double) gradient[i])
            .isCloseTo(
                expected.get("grad_fp64").get(i / CLASSES).get(i % CLASSES).asDouble(),
                within(1e-7));
      }
    }
  }

  private static Tensor logits(int from, int to) {
    float[] logits = new float[(to - from) * CLASSES];
    for (int i = 0; i < logits.length; i++) {
      JsonNode row = GOLDEN.get("logits").get(from + i / CLASSES);
      logits[i] = (float) row.get(i % CLASSES).asDouble();
    }
    return Tensor.of(logits, to - from, CLASSES);
  }

  private static Tensor targets(int from, int to) {
    return Tensor.of(Arrays.copyOfRange(numbers("targets"), from, to), to - from);
  }

  private static long[] numbers(String field) {
    return GOLDEN.get(field).valueStream().mapToLong(JsonNode::asLong).toArray();
  }

  /** The partners and lambdas of the file. */
  private static Blend blending() {
    float[] lambdas = new float[PICTURES];
    for (int i = 0; i < PICTURES; i++) {
      lambdas[i] = (float) GOLDEN.get("lam").get(i).asDouble();
    }
    return new Blend(Tensor.of(numbers("shuffle_perm"), PICTURES), Tensor.of(lambdas, PICTURES));
  }
}
