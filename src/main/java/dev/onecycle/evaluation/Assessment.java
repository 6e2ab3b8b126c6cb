package dev.onecycle.evaluation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is kept of a network's answers about pictures whose labels are known: a verdict each, and
 * the logits of some, evenly spread, to calibrate by. It takes room in proportion to the pictures,
 * however many labels there are.
 */
public final class Assessment {

  /** The most logits that are held at once: of ten labels those of 400,000 pictures. */
  public static final int MOST_LOGITS = 4 << 20;

  private final int pictures;
  private final int classes;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final float[] logits;
  private final int[] labels;
  private int kept;

  /** Expects so many pictures, at least one. */
  public Assessment(int pictures, int classes) {
    this(pictures, classes, MOST_LOGITS);
  }

  Assessment(int pictures, int classes, int mostLogits) {
    this.pictures = pictures;
    this.classes = classes;
    labels = new int[Math.min(pictures, Math.max(1, mostLogits / classes))];
    logits = new float[labels.length * classes];
  }

  /** Adds the answers about the next pictures; no more than are expected. */
  public void add(LabelledLogits answers) {
    for (int i = 0; i < answers.size(); i++) {
      int number = verdicts.size();
      verdicts.add(Verdict.of(answers, i, number));
      if ((long) number * labels.length / pictures == kept) {
        System.arraycopy(answers.logits(), i * classes, logits, kept * classes, classes);
        labels[kept++] = answers.labels()[i];
      }
    }
  }

  /** Returns how many pictures were added. */
  public int size() {
    return verdicts.size();
  }

  /** Returns one of each picture, in their order. */
  public List<Verdict> verdicts() {
    return Collections.unmodifiableList(verdicts);
  }

  /** Returns the mean of the pictures' losses. */
  public double meanLoss() {
    return verdicts.stream().mapToDouble(Verdict::loss).sum() / size();
  }

  /** Returns the share of pictures whose predicted label is the true one, 0 to 1. */
  public double accuracy() {
    long right = verdicts.stream().filter(one -> one.predicted() == one.actual()).count();
    return (double) right / size();
  }

  /** Calibrates by the logits that were kept, once all pictures were added. */
  public Calibration calibration() {
    return Calibration.of(new LabelledLogits(logits, labels, classes));
  }
}
