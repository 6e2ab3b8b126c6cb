package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConfidentLearningTest {

  private static Opinion opinion(int picture, int given, double... probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(probabilities[i]);
    }
    return Opinion.of(
        new LabelledLogits(logits, new int[] {given}, probabilities.length), 0, picture);
  }

  @Test
  void anOpinionHasTheMostProbableLabelsInOrder() {
    Random random = new Random(3);
    float[] logits = new float[2 * 40];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.round(8 * random.nextGaussian()) / 4f;
    }
    LabelledLogits all = new LabelledLogits(logits, new int[] {7, 39}, 40);
    for (int i = 0; i < 2; i++) {
      int index = i;
      int[] sorted =
          IntStream.range(0, 40)
              .boxed()
              .sorted((a, b) -> Float.compare(all.logit(index, b), all.logit(index, a)))
              .limit(Opinion.MOST)
              .mapToInt(label -> label)
              .toArray();
      Opinion opinion = Opinion.of(all, i, 100 + i);
      assertThat(opinion.likely()).isEqualTo(sorted);
      assertThat(opinion.picture()).isEqualTo(100 + i);
      assertThat((double) opinion.own())
          .isCloseTo(all.probability(i, all.labels()[i]), within(1e-6));
      assertThat((double) opinion.probabilities()[3])
          .isCloseTo(all.probability(i, sorted[3]), within(1e-6));
    }
  }

  @Test
  void theOddsAreAgainstTheLikeliestOther() {
    Opinion right = opinion(0, 1, 0.2, 0.7, 0.1);
    assertThat(right.agrees()).isTrue();
    assertThat(right.other()).isZero();
    assertThat(right.odds()).isCloseTo(3.5, within(1e-5));
    Opinion wrong = opinion(0, 2, 0.2, 0.7, 0.1);
    assertThat(wrong.agrees()).isFalse();
    assertThat(wrong.other()).isEqualTo(1);
    assertThat(wrong.odds()).isCloseTo(1 / 7.0, within(1e-6));
  }

  /** By hand: thresholds 0.6 (0.9, 0.8, 0.1) and 0.7 (0.9, 0.5), so that one of five is wrong. */
  @Test
  void countsWhatIsConfidentlyAnotherLabel() {
    List<Opinion> opinions =
        List.of(
            opinion(0, 0, 0.9, 0.1),
            opinion(1, 0, 0.8, 0.2),
            opinion(2, 0, 0.1, 0.9),
            opinion(3, 1, 0.1, 0.9),
            opinion(4, 1, 0.5, 0.5));
    ConfidentLearning learnt = new ConfidentLearning(opinions, 3);
    assertThat(learnt.confident(opinions.get(0))).isZero();
    assertThat(learnt.confident(opinions.get(2))).isEqualTo(1);
    assertThat(learnt.confident(opinions.get(4))).as("of neither").isEqualTo(-1);
    assertThat(learnt.wrong(0)).isCloseTo(1, within(1e-9));
    assertThat(learnt.mostOften(0)).isEqualTo(1);
    assertThat(learnt.wrong(1)).isZero();
    assertThat(learnt.mostOften(1)).isNull();
    assertThat(learnt.pictures(2)).isZero();
    assertThat(learnt.wrong(2)).isZero();
  }

  /** What nobody is confident of counts as the rest: 1 of 2 confident ones makes 2 of 4. */
  @Test
  void scalesCountsToAllPictures() {
    List<Opinion> opinions = new ArrayList<>();
    opinions.add(opinion(0, 0, 0.98, 0.02));
    opinions.add(opinion(1, 0, 0.02, 0.98));
    opinions.add(opinion(2, 0, 0.49, 0.51));
    opinions.add(opinion(3, 0, 0.48, 0.52));
    opinions.add(opinion(4, 1, 0.05, 0.95));
    ConfidentLearning learnt = new ConfidentLearning(opinions, 2);
    assertThat(learnt.wrong(0)).isCloseTo(2, within(1e-9));
  }
}
