package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.testing.Goldens;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {

  private static final int N = 20_000;
  private static final int CLASSES = 5;

  @Test
  void findsTheTemperatureThatMadeANetworkTooSure() {
    Calibration found = Calibration.of(sharpened(2.5f));

    assertThat(found.temperature()).isCloseTo(2.5, within(.06));
    assertThat(found.error()).isGreaterThan(.1);
    assertThat(found.calibratedError()).isLessThan(.015);
  }

  /** What is fitted on some pictures is right for others of the same kind. */
  @Test
  void whatIsFittedOnHalfCalibratesTheOther() {
    for (float factor : new float[] {.5f, 1, 1.7f, 4}) {
      LabelledLogits all = sharpened(factor);
      LabelledLogits other = half(all, N / 2);
      double temperature = Calibration.of(half(all, 0)).temperature();

      assertThat(Calibration.error(other, temperature))
          .as("%s", factor)
          .isLessThan(Calibration.error(other, 1) + .005)
          .isLessThan(.02);
      for (int i = 0; i < 100; i++) {
        double[] plain = TestTimeAugmentation.softmax(other.logits(), i * CLASSES, CLASSES);
        double[] calibrated =
            TestTimeAugmentation.softmax(other.logits(), i * CLASSES, CLASSES, temperature);
        assertThat(order(calibrated)).isEqualTo(order(plain));
      }
    }
  }

  private static LabelledLogits half(LabelledLogits all, int from) {
    return new LabelledLogits(
        Arrays.copyOfRange(all.logits(), from * CLASSES, (from + N / 2) * CLASSES),
        Arrays.copyOfRange(all.labels(), from, from + N / 2),
        CLASSES);
  }

  private static List<Integer> order(double[] probabilities) {
    return IntStream.range(0, CLASSES)
        .boxed()
        .sorted(Comparator.comparingDouble(k -> probabilities[k]))
        .toList();
  }

  @Test
  void leavesAnHonestNetworkAlone() {
    Calibration found = Calibration.of(sharpened(1));

    assertThat(found.temperature()).isCloseTo(1, within(.03));
    assertThat(found.error()).isLessThan(.015);
  }

  @Test
  void noOtherTemperatureHasASmallerLoss() {
    LabelledLogits answers = sharpened(.7f);
    double best = loss(answers, Calibration.of(answers).temperature());

    for (double temperature = .5; temperature < 2; temperature += .05) {
      assertThat(loss(answers, temperature)).isGreaterThanOrEqualTo(best);
    }
  }

  @Test
  void countsInFifteenBinsByHand() {
    // Confidences .9 (right), .9 (wrong), .6 (right): bins (13/15, 14/15] and (8/15, 9/15].
    float sure = (float) Math.log(9);
    float unsure = (float) Math.log(1.49);
    LabelledLogits answers =
        new LabelledLogits(new float[] {sure, 0, sure, 0, 0, unsure}, new int[] {0, 1, 1}, 2);

    double confidence = 1.49 / 2.49;
    assertThat(Calibration.error(answers, 1))
        .isCloseTo((2 * Math.abs(.9 - .5) + Math.abs(confidence - 1)) / 3, within(1e-6));
  }

  @Test
  void stopsAtTheColdestWhenEveryAnswerIsRight() {
    LabelledLogits right = new LabelledLogits(new float[] {3, 0, 0, 3}, new int[] {0, 1}, 2);

    assertThat(Calibration.of(right).temperature()).isCloseTo(Calibration.COLDEST, within(1e-9));
  }

  /** Labels drawn from the softmax of random logits, which are then multiplied. */
  private static LabelledLogits sharpened(float factor) {
    float[] logits = new float[N * CLASSES];
    int[] labels = new int[N];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (2 * Goldens.random(20, 0, i));
    }
    LabelledLogits honest = new LabelledLogits(logits, labels, CLASSES);
    for (int i = 0; i < N; i++) {
      double left = (Goldens.random(20, 1, i) + 1) / 2;
      int label = 0;
      while (label < CLASSES - 1 && left >= honest.probability(i, label)) {
        left -= honest.probability(i, label);
        label++;
      }
      labels[i] = label;
    }
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= factor;
    }
    return honest;
  }

  private static double loss(LabelledLogits answers, double temperature) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum -= Math.log(answers.probability(i, answers.labels()[i], 1 / temperature));
    }
    return sum;
  }
}
