package dev.onecycle.work.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.recipe.Tta;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.serving.Prediction.Ranked;
import dev.onecycle.work.PredictedPicture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictionTableTest {

  private static PredictedPicture picture(String path, String actual, String label) {
    List<Ranked> ranked = List.of(new Ranked(label, .75, null), new Ranked("dog", 1e-9, null));
    return new PredictedPicture(path, actual, ranked, new Agreement(5, .8), null);
  }

  private static PredictionTable table(int labels) {
    return new PredictionTable(labels, Tta.Combine.MEAN);
  }

  @Test
  void aRowHasEveryColumn() {
    assertThat(table(2).head())
        .isEqualTo("path,actual,label1,probability1,label2,probability2,agreement,problem\n");
    assertThat(table(2).row(picture("a/b.png", "cat", "cat")))
        .isEqualTo("a/b.png,cat,cat,0.75,dog,1.0E-9,0.8,\n");
    assertThat(table(1).row(picture("a/b.png", null, "cat"))).isEqualTo("a/b.png,,cat,0.75,0.8,\n");
  }

  @Test
  void scoresAreCalledSo() {
    PredictionTable scores = new PredictionTable(1, Tta.Combine.MAX);
    List<Ranked> ranked = List.of(new Ranked("cat", null, .9));
    assertThat(scores.head()).isEqualTo("path,actual,label1,score1,agreement,problem\n");
    assertThat(scores.row(new PredictedPicture("p", "cat", ranked, new Agreement(5, 1), null)))
        .isEqualTo("p,cat,cat,0.9,1.0,\n");
  }

  @Test
  void aProblemStandsInTheLastColumn() {
    Problem problem = Problem.of(new Failure.Invalid("cut short, after 3 \"rows\""));
    assertThat(table(2).row(new PredictedPicture("p", "cat", null, null, problem)))
        .isEqualTo("p,cat,,,,,,\"cut short, after 3 \"\"rows\"\"\"\n");
  }

  /** What spreadsheets would run, and what would end a cell or a row. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "=cmd()     | '=cmd()",
        "+1         | '+1",
        "-1         | '-1",
        "@sum       | '@sum",
        "a=b        | a=b",
        "a,b        | \"a,b\"",
        "=a,b       | \"'=a,b\"",
        "say \"hi\" | \"say \"\"hi\"\"\"",
        "'<b>'      | '<b>'"
      })
  void wordsAreHarmless(String words, String cell) {
    assertThat(table(1).row(picture(words, words, words)))
        .isEqualTo("%s,%s,%s,0.75,0.8,\n".formatted(cell, cell, cell));
  }

  @Test
  void aLineBreakStaysInItsCell() {
    assertThat(table(1).row(picture("p", "\tx", "a\nb"))).isEqualTo("p,'\tx,\"a\nb\",0.75,0.8,\n");
  }
}
