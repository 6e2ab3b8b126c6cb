package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.evaluation.ConfusionMatrix.Cell;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelledLogitsTest {

  @Test
  void survivesLogitsThatOverflowAnExponential() {
    LabelledLogits answers =
        new LabelledLogits(new float[] {1000, -1000, -1000, 1000}, new int[] {0, 0}, 2);

    assertThat(answers.loss(0)).isZero();
    assertThat(answers.loss(1)).isEqualTo(2000);
    assertThat(answers.probability(0, 0)).isEqualTo(1);
    assertThat(answers.accuracy()).isEqualTo(.5);
  }

  @Test
  void aLabelWithoutPicturesOrPredictionsScoresZero() {
    LabelledLogits answers = new LabelledLogits(new float[] {1, 0, 0}, new int[] {0}, 3);
    Assessment assessment = new Assessment(1, 3);
    assessment.add(answers);
    ConfusionMatrix matrix = ConfusionMatrix.of(List.of("a", "b", "c"), assessment.verdicts());

    assertThat(matrix.scores().get(1)).isEqualTo(new ConfusionMatrix.LabelScore("b", 0, 0, 0, 0));
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> new LabelledLogits(new float[0], new int[0], 2))
        .hasMessage("0 pictures of 2 classes: nothing to evaluate");
    assertThatThrownBy(() -> new LabelledLogits(new float[3], new int[2], 2))
        .hasMessage("3 logits for 2 pictures of 2 classes");
    assertThatThrownBy(() -> new LabelledLogits(new float[2], new int[] {2}, 2))
        .hasMessage("label 2 of 2 classes");
    assertThatThrownBy(() -> new ConfusionMatrix(List.of("a"), List.of(new Cell(0, 1, 5))))
        .hasMessageContaining("predicted=1")
        .hasMessageEndingWith("for 1 labels");
  }
}
