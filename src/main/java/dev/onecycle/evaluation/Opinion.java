package dev.onecycle.evaluation;

/**
 * What a network says of a labelled picture that it was not trained on.
 *
 * @param picture its number in the dataset
 * @param given the position of the label that it has
 * @param own the probability of that one, 0 to 1
 * @param likely the positions of the most probable labels, at most {@link #MOST}, the most probable
 *     first; not copied
 * @param probabilities theirs; not copied
 */
public record Opinion(int picture, int given, float own, int[] likely, float[] probabilities) {

  /** As many labels are kept, however many there are: no other is ever taken for the right one. */
  public static final int MOST = 10;

  /** Returns what logits say of picture {@code index} of theirs, whose number is another one. */
  public static Opinion of(LabelledLogits logits, int index, int picture) {
    double sum = logits.logSumExp(index, 1);
    int[] likely = mostLikely(logits, index);
    float[] probabilities = new float[likely.length];
    for (int i = 0; i < likely.length; i++) {
      probabilities[i] = (float) Math.exp(logits.logit(index, likely[i]) - sum);
    }
    int given = logits.labels()[index];
    float own = (float) Math.exp(logits.logit(index, given) - sum);
    return new Opinion(picture, given, own, likely, probabilities);
  }

  /** Returns the labels of the largest logits, the largest first; of equal ones the first. */
  private static int[] mostLikely(LabelledLogits logits, int index) {
    int[] most = new int[Math.min(MOST, logits.classes())];
    int found = 0;
    for (int label = 0; label < logits.classes(); label++) {
      int place = found;
      while (place > 0 && logits.logit(index, label) > logits.logit(index, most[place - 1])) {
        place--;
      }
      if (place < most.length) {
        int moved = Math.min(found, most.length - 1) - place;
        System.arraycopy(most, place, most, place + 1, moved);
        most[place] = label;
        found = Math.min(found + 1, most.length);
      }
    }
    return most;
  }

  /** Returns the most probable label but for the given one. */
  public int other() {
    return likely[otherPlace()];
  }

  private int otherPlace() {
    return likely[0] == given ? 1 : 0;
  }

  /** Returns whether the given label is the most probable one. */
  public boolean agrees() {
    return likely[0] == given;
  }

  /**
   * Returns how many times as probable the given label is as the most probable other one: less than
   * 1 where that is the likelier of the two. Labels that are wrong have the lowest odds.
   */
  public double odds() {
    return own / Math.max(probabilities[otherPlace()], Float.MIN_NORMAL);
  }
}
