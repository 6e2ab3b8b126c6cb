package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The draws of mixup against the law that fastai draws from. */
@ExtendWith(OnTorchThread.class)
class BlendTest {

  private static final JsonNode LAW = Goldens.json("C_losses/losses.json").get("mixup_lambda");
  private static final int DRAWS = 200_000;

  @Test
  void lambdaFollowsTheFoldedBetaLaw() {
    RandomGenerator random = new Seed(1).generator();
    double[] lambdas = new double[DRAWS];
    Arrays.setAll(lambdas, i -> Blend.lambda(LAW.get("alpha").asDouble(), random));

    // Five standard errors of the mean, and at most as many of a share (1/2: 0.0011).
    double error = 5 * LAW.get("folded_std").asDouble() / Math.sqrt(DRAWS);
    double mean = Arrays.stream(lambdas).average().orElseThrow();
    assertThat(mean).isCloseTo(LAW.get("folded_mean").asDouble(), within(error));
    double square =
        Arrays.stream(lambdas).map(l -> (l - mean) * (l - mean)).average().orElseThrow();
    assertThat(Math.sqrt(square)).isCloseTo(LAW.get("folded_std").asDouble(), within(1e-3));
    LAW.get("folded_quantiles")
        .properties()
        .forEach(
            quantile ->
                assertThat(shareBelow(lambdas, quantile.getValue().asDouble()))
                    .isCloseTo(Double.parseDouble(quantile.getKey()), within(0.0055)));
    assertThat(1 - shareBelow(lambdas, 0.9))
        .isCloseTo(LAW.get("P_lam_gt_0_9").asDouble(), within(0.0055));
    assertThat(1 - shareBelow(lambdas, 0.99))
        .isCloseTo(LAW.get("P_lam_gt_0_99").asDouble(), within(0.0055));
  }

  private static double shareBelow(double[] values, double limit) {
    return (double) Arrays.stream(values).filter(v -> v <= limit).count() / values.length;
  }

  @Test
  void lambdaIsSaneForEveryAlphaThatARecipeMayHave() {
    RandomGenerator random = new Seed(2).generator();
    for (double alpha : new double[] {0.01, 1, 100}) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(Blend.lambda(alpha, random)).isBetween(0.5, 1.0);
      }
    }
  }

  @Test
  void everyPictureIsAPartnerOfEveryOtherEquallyOften() {
    int n = 4;
    int[][] times = new int[n][n];
    for (int draw = 0; draw < 4_000; draw++) {
      try (Scope scope = Scope.open()) {
        Blend blending = Blend.draw(n, 0.4, new Seed(draw).generator());
        long[] partners = blending.partners().longs();
        assertThat(LongStream.of(partners).sorted().toArray()).containsExactly(0, 1, 2, 3);
        for (int i = 0; i < n; i++) {
          times[i][(int) partners[i]]++;
        }
      }
    }
    // Binomial(4000, 1/4): 1000, standard deviation 27.
    for (int[] row : times) {
      for (int count : row) {
        assertThat(count).isBetween(1_000 - 137, 1_000 + 137);
      }
    }
  }
}
