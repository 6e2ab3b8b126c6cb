package dev.onecycle.evaluation;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counts of how often each label was predicted as each. They take room in proportion to its
 * pictures and labels: of ten thousand labels nearly all pairs are never met.
 *
 * @param labels in the order of rows and columns
 * @param cells those that are not zero, by row and then by column
 */
public record ConfusionMatrix(List<String> labels, List<Cell> cells) {

  /**
   * Pictures with the label of one row that were predicted as the label of one column.
   *
   * @param actual the row, from 0
   * @param predicted the column, from 0
   * @param count at least 1
   */
  public record Cell(int actual, int predicted, int count) {}

  /** Pictures of one label that were predicted as another. */
  public record Confusion(String actual, String predicted, int count) {}

  /**
   * The precision, recall and F1 of one label. With nothing predicted, or nothing there, the ratio
   * is 0.
   *
   * @param precision right predictions among the predictions of this label
   * @param recall right predictions among the pictures of this label
   * @param f1 harmonic mean of the two
   * @param support pictures of this label
   */
  public record LabelScore(String label, double precision, double recall, double f1, int support) {}

  /**
   * Checks every cell.
   *
   * @throws IllegalArgumentException if one lies outside of the labels
   */
  public ConfusionMatrix {
    labels = List.copyOf(labels);
    cells = List.copyOf(cells);
    for (Cell cell : cells) {
      int last = Math.max(cell.actual, cell.predicted);
      if (Math.min(cell.actual, cell.predicted) < 0 || last >= labels.size()) {
        throw new IllegalArgumentException(cell + " for " + labels.size() + " labels");
      }
    }
  }

  /**
   * Reads both forms that were ever stored.
   *
   * @param counts the whole matrix, as evaluations had it first; else null
   */
  @JsonCreator
  static ConfusionMatrix read(List<String> labels, List<Cell> cells, int @Nullable [][] counts) {
    return new ConfusionMatrix(labels, counts == null ? cells : cells(counts));
  }

  private static List<Cell> cells(int[][] counts) {
    List<Cell> cells = new ArrayList<>();
    for (int actual = 0; actual < counts.length; actual++) {
      for (int predicted = 0; predicted < counts[actual].length; predicted++) {
        if (counts[actual][predicted] > 0) {
          cells.add(new Cell(actual, predicted, counts[actual][predicted]));
        }
      }
    }
    return cells;
  }

  /**
   * Counts the predictions of {@code verdicts}.
   *
   * @throws IllegalArgumentException if there are more labels
   */
  public static ConfusionMatrix of(List<String> labels, List<Verdict> verdicts) {
    int classes = labels.size();
    Map<Long, Integer> counts = new TreeMap<>();
    for (Verdict verdict : verdicts) {
      counts.merge((long) verdict.actual() * classes + verdict.predicted(), 1, Integer::sum);
    }
    List<Cell> cells = new ArrayList<>();
    counts.forEach(
        (place, count) ->
            cells.add(new Cell((int) (place / classes), (int) (place % classes), count)));
    return new ConfusionMatrix(labels, cells);
  }

  /**
   * Returns every confusion of at least {@code minimum} pictures, most first, then by row and
   * column.
   */
  public List<Confusion> mostConfused(int minimum) {
    return cells.stream()
        .filter(cell -> cell.actual != cell.predicted && cell.count >= minimum)
        .sorted(Comparator.comparingInt(Cell::count).reversed())
        .map(cell -> new Confusion(labels.get(cell.actual), labels.get(cell.predicted), cell.count))
        .toList();
  }

  /** Returns one score per label, in the order of the labels. */
  public List<LabelScore> scores() {
    int[] right = new int[labels.size()];
    int[] actual = new int[labels.size()];
    int[] predicted = new int[labels.size()];
    for (Cell cell : cells) {
      actual[cell.actual] += cell.count;
      predicted[cell.predicted] += cell.count;
      right[cell.actual] += cell.actual == cell.predicted ? cell.count : 0;
    }
    List<LabelScore> scores = new ArrayList<>();
    for (int i = 0; i < right.length; i++) {
      double precision = ratio(right[i], predicted[i]);
      double recall = ratio(right[i], actual[i]);
      double f1 = ratio(2 * right[i], predicted[i] + actual[i]);
      scores.add(new LabelScore(labels.get(i), precision, recall, f1, actual[i]));
    }
    return scores;
  }

  private static double ratio(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
