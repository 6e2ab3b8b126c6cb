package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AssessmentTest {

  private static final int CLASSES = 4;
  private static final int PICTURES = 100;

  private final LabelledLogits all = drawn();

  private static LabelledLogits drawn() {
    RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    float[] logits = new float[PICTURES * CLASSES];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    int[] labels = IntStream.range(0, PICTURES).map(i -> i % CLASSES).toArray();
    return new LabelledLogits(logits, labels, CLASSES);
  }

  private LabelledLogits part(int from, int to) {
    return new LabelledLogits(
        Arrays.copyOfRange(all.logits(), from * CLASSES, to * CLASSES),
        Arrays.copyOfRange(all.labels(), from, to),
        CLASSES);
  }

  private Assessment inParts(int each, int mostLogits) {
    Assessment assessment = new Assessment(PICTURES, CLASSES, mostLogits);
    for (int from = 0; from < PICTURES; from += each) {
      assessment.add(part(from, Math.min(PICTURES, from + each)));
    }
    return assessment;
  }

  @Test
  void partsMakeTheWhole() {
    Assessment whole = inParts(PICTURES, PICTURES * CLASSES);
    Assessment parts = inParts(7, PICTURES * CLASSES);
    assertThat(parts.verdicts()).isEqualTo(whole.verdicts()).hasSize(PICTURES);
    assertThat(parts.verdicts().get(42).index()).isEqualTo(42);
    assertThat(parts.accuracy()).isEqualTo(all.accuracy());
    assertThat(parts.meanLoss()).isEqualTo(all.meanLoss());
    assertThat(parts.calibration()).isEqualTo(Calibration.of(all));
  }

  /** Every fourth picture, from the first on. */
  @Test
  void calibratesByAnEvenShareWhereLogitsAreMany() {
    Assessment few = inParts(13, PICTURES * CLASSES / 4);
    assertThat(few.verdicts()).hasSize(PICTURES);
    float[] logits = new float[PICTURES / 4 * CLASSES];
    int[] labels = new int[PICTURES / 4];
    for (int i = 0; i < labels.length; i++) {
      System.arraycopy(all.logits(), 4 * i * CLASSES, logits, i * CLASSES, CLASSES);
      labels[i] = all.labels()[4 * i];
    }
    assertThat(few.calibration())
        .isEqualTo(Calibration.of(new LabelledLogits(logits, labels, CLASSES)));
  }

  @Test
  void aPictureOfTenThousandLabelsTakesNoMoreThanAnother() {
    Assessment many = new Assessment(1_000, 10_000, 10);
    for (int i = 0; i < 1_000; i++) {
      float[] logits = new float[10_000];
      logits[i * 10] = 20;
      many.add(new LabelledLogits(logits, new int[] {i * 10}, 10_000));
    }
    assertThat(many.accuracy()).isEqualTo(1);
    assertThat(many.verdicts().get(999).predicted()).isEqualTo(9_990);
    assertThat(many.calibration().temperature()).isPositive();
  }
}
