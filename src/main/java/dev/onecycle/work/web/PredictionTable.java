package dev.onecycle.work.web;

import dev.onecycle.recipe.Tta;
import dev.onecycle.serving.Prediction.Ranked;
import dev.onecycle.work.PredictedPicture;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Predicted pictures as rows of a comma-separated table, one per picture: its path, its label where
 * that is known, the most probable labels in as many columns as were asked for, and its problem
 * where it has one.
 *
 * @param labels columns of predictions
 * @param combine whether these are probabilities or scores
 */
record PredictionTable(int labels, Tta.Combine combine) {

  /** Returns the names of the columns, as a line. */
  String head() {
    List<String> names = new ArrayList<>(List.of("path", "actual"));
    String value = combine == Tta.Combine.MAX ? "score" : "probability";
    for (int i = 1; i <= labels; i++) {
      names.add("label" + i);
      names.add(value + i);
    }
    names.addAll(List.of("agreement", "problem"));
    return String.join(",", names) + "\n";
  }

  /** Returns a picture's line. */
  String row(PredictedPicture picture) {
    List<String> cells = new ArrayList<>(List.of(text(picture.path()), text(picture.actual())));
    for (int i = 0; i < labels; i++) {
      Ranked ranked = picture.predictions() == null ? null : picture.predictions().get(i);
      cells.add(ranked == null ? "" : text(ranked.label()));
      cells.add(ranked == null ? "" : value(ranked).toString());
    }
    cells.add(picture.tta() == null ? "" : Double.toString(picture.tta().agreement()));
    cells.add(picture.problem() == null ? "" : text(picture.problem().detail()));
    return String.join(",", cells) + "\n";
  }

  private static Double value(Ranked ranked) {
    return Objects.requireNonNullElse(ranked.probability(), ranked.score());
  }

  /**
   * Returns a cell of somebody else's words: quoted where it must be, and with an apostrophe before
   * what a spreadsheet would take for a formula.
   */
  private static String text(@Nullable String words) {
    if (words == null || words.isEmpty()) {
      return "";
    }
    String safe = "=+-@\t\r".indexOf(words.charAt(0)) < 0 ? words : "'" + words;
    boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
