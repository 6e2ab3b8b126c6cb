package dev.onecycle.work.labels;

import dev.onecycle.evaluation.ConfidentLearning;
import dev.onecycle.evaluation.Opinion;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a check of a dataset's labels found, but for the single pictures.
 *
 * @param folds how many networks were asked, each about pictures that it was not trained on
 * @param pictures how many have a label
 * @param agreement share of them to which the networks would give that label, 0 to 1
 * @param wrong how many labels are probably wrong
 * @param duplicates how many pictures stand under two labels or more, byte by byte the same
 * @param confirmed how many pictures people had looked at: none of them is doubted
 * @param labels one each, in the order of the positions that pictures tell
 */
public record LabelCheck(
    int folds,
    int pictures,
    double agreement,
    double wrong,
    int duplicates,
    int confirmed,
    List<Estimate> labels) {

  /**
   * How many pictures of a label are probably of another.
   *
   * @param wrong an estimate, 0 to {@code pictures}
   * @param mostOften the label that these most often have in truth; null for none
   */
  public record Estimate(String label, int pictures, double wrong, @Nullable String mostOften) {}

  /** Returns what was found, in the words of labels. */
  public static LabelCheck of(
      int folds,
      List<String> labels,
      List<Opinion> opinions,
      ConfidentLearning learnt,
      int duplicates,
      int confirmed) {
    List<Estimate> estimates =
        IntStream.range(0, labels.size()).mapToObj(i -> estimate(i, labels, learnt)).toList();
    return new LabelCheck(
        folds,
        opinions.size(),
        (double) opinions.stream().filter(Opinion::agrees).count() / opinions.size(),
        estimates.stream().mapToDouble(Estimate::wrong).sum(),
        duplicates,
        confirmed,
        estimates);
  }

  private static Estimate estimate(int label, List<String> labels, ConfidentLearning learnt) {
    Integer often = learnt.mostOften(label);
    return new Estimate(
        labels.get(label),
        learnt.pictures(label),
        learnt.wrong(label),
        often == null ? null : labels.get(often));
  }
}
