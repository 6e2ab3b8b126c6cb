package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.recipe.Tta;
import dev.onecycle.testing.Goldens;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Accuracies of whole sets of pictures, against fastai's {@code learn.tta}. */
class ViewedAnswersTest {

  private static final JsonNode GOLDEN = Goldens.json("F_tta/tta.json");

  /** The answers of one pass about the first so many pictures. */
  private static LabelledLogits pass(int pass, int pictures) {
    float[] logits = new float[4 * pictures];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) GOLDEN.at("/logits/" + pass + "/" + i / 4 + "/" + i % 4).asDouble();
    }
    int[] targets =
        GOLDEN.get("targets").valueStream().limit(pictures).mapToInt(JsonNode::asInt).toArray();
    return new LabelledLogits(logits, targets, 4);
  }

  /** The first so many augmented passes; the plain one is logits' entry of that number. */
  private static ViewedAnswers views(int augmented, int pictures) {
    return new ViewedAnswers(
        pass(augmented, pictures),
        IntStream.range(0, augmented).mapToObj(pass -> pass(pass, pictures)).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "beta0.25, 4, 0.25",
    "beta0.5, 4, 0.5",
    "beta0, 4, 0",
    "beta1, 4, 1",
    "n2_beta0.25, 2, 0.25"
  })
  void theMeanIsRightAsOftenAsFastais(String key, int augmented, double beta) {
    double expected = GOLDEN.get(key).get("accuracy").asDouble();
    assertThat(views(augmented, 7).accuracy(Tta.Combine.MEAN, beta))
        .isCloseTo(expected, within(1e-6));
  }

  /** The four pictures before the fifth, whose two largest maxima are equal but for rounding. */
  @Test
  void theMaximumIsRightAsOftenAsFastais() {
    int right = 0;
    for (int i = 0; i < 4; i++) {
      JsonNode scores = GOLDEN.get("use_max").get("preds").get(i);
      double own = scores.get(GOLDEN.get("targets").get(i).asInt()).asDouble();
      right += scores.valueStream().allMatch(score -> score.asDouble() <= own) ? 1 : 0;
    }
    assertThat(right).isEqualTo(1);
    assertThat(views(4, 4).accuracy(Tta.Combine.MAX, 0)).isEqualTo(right / 4.0);
  }
}
