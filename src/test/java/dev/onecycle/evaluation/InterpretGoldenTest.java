package dev.onecycle.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.evaluation.ConfusionMatrix.Cell;
import dev.onecycle.evaluation.ConfusionMatrix.Confusion;
import dev.onecycle.evaluation.ConfusionMatrix.LabelScore;
import dev.onecycle.testing.Goldens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What fastai's interpretation and scikit-learn's report say about the same 24 answers. */
class InterpretGoldenTest {

  private static final JsonNode GOLDEN = Goldens.json("I_interpret/interpret.json");
  private static final List<String> LABELS =
      GOLDEN.get("vocab").valueStream().map(JsonNode::asString).toList();

  private final LabelledLogits answers = answers();
  private final ConfusionMatrix matrix = ConfusionMatrix.of(LABELS, assessed(answers).verdicts());

  @Test
  void predictionsAndLosses() {
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.predicted(i)).isEqualTo(GOLDEN.get("decoded_argmax").get(i).asInt());
      assertThat(answers.loss(i))
          .isCloseTo(GOLDEN.get("losses_per_item").get(i).asDouble(), within(1e-6));
      for (int k = 0; k < LABELS.size(); k++) {
        assertThat(answers.probability(i, k))
            .isCloseTo(GOLDEN.get("pred_softmax").get(i).get(k).asDouble(), within(1e-6));
      }
    }
    assertThat(answers.accuracy()).isCloseTo(GOLDEN.get("accuracy").asDouble(), within(1e-6));
  }

  @Test
  void confusions() {
    JsonNode counts = GOLDEN.get("confusion_matrix_rows_actual_cols_pred");
    List<Cell> expected = new ArrayList<>();
    for (int actual = 0; actual < LABELS.size(); actual++) {
      for (int predicted = 0; predicted < LABELS.size(); predicted++) {
        int count = counts.get(actual).get(predicted).asInt();
        if (count > 0) {
          expected.add(new Cell(actual, predicted, count));
        }
      }
    }
    assertThat(matrix.cells()).isEqualTo(expected);
  }

  @Test
  void mostConfused() {
    assertThat(matrix.mostConfused(1)).isEqualTo(confusions("most_confused_min1"));
    assertThat(matrix.mostConfused(2)).isEqualTo(confusions("most_confused_min2"));
  }

  @Test
  void scoresAsInTheReport() {
    String report = GOLDEN.get("classification_report").asString();
    assertThat(matrix.scores()).hasSize(4);
    for (LabelScore score : matrix.scores()) {
      assertThat(report)
          .contains(
              "%12s       %.2f      %.2f      %.2f %9d\n"
                  .formatted(
                      score.label(),
                      score.precision(),
                      score.recall(),
                      score.f1(),
                      score.support()));
    }
  }

  @Test
  void topLosses() {
    JsonNode golden = GOLDEN.get("top_losses_6");
    List<Verdict> found = Verdict.topLosses(assessed(answers).verdicts(), 6);

    assertThat(found.stream().map(Verdict::index).toList())
        .isEqualTo(golden.get("idx").valueStream().map(JsonNode::asInt).toList());
    for (int i = 0; i < 6; i++) {
      Verdict top = found.get(i);
      assertThat(top.loss()).isCloseTo(golden.get("losses").get(i).asDouble(), within(1e-6));
      assertThat(top.actual()).isEqualTo(answers.labels()[top.index()]);
      assertThat(top.predicted()).isEqualTo(answers.predicted(top.index()));
      assertThat(top.probability())
          .isEqualTo(answers.probability(top.index(), top.predicted()))
          .isGreaterThan(answers.probability(top.index(), top.actual()));
    }
    assertThat(Verdict.topLosses(assessed(answers).verdicts(), 100)).hasSize(24);
  }

  private static Assessment assessed(LabelledLogits answers) {
    Assessment assessment = new Assessment(answers.size(), answers.classes());
    assessment.add(answers);
    return assessment;
  }

  private static LabelledLogits answers() {
    JsonNode rows = GOLDEN.get("logits");
    float[] logits = new float[rows.size() * LABELS.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) rows.get(i / LABELS.size()).get(i % LABELS.size()).asDouble();
    }
    int[] labels = GOLDEN.get("targets").valueStream().mapToInt(JsonNode::asInt).toArray();
    return new LabelledLogits(logits, labels, LABELS.size());
  }

  private static List<Confusion> confusions(String name) {
    return GOLDEN
        .get(name)
        .valueStream()
        .map(row -> new Confusion(row.get(0).asString(), row.get(1).asString(), row.get(2).asInt()))
        .toList();
  }
}
