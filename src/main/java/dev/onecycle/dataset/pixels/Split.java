package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.Part;
import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which pictures train and which validate.
 *
 * @param train indices, ascending; not copied, not to be changed
 * @param valid indices, ascending, none of them in train; not copied, not to be changed
 */
public record Split(int[] train, int[] valid) {

  /**
   * Draws {@code floor(size * validFraction)} pictures for validation, at least one and never all,
   * each set of that size equally likely. The same arguments draw the same split, on any machine.
   *
   * @param size at least 2
   */
  public static Split random(int size, double validFraction, Seed seed) {
    if (size < 2) {
      throw new IllegalArgumentException(size + " pictures cannot be split");
    }
    int[] order = Shuffle.of(size, seed.generator());
    int cut = validCount(size, validFraction);
    int[] valid = Arrays.copyOfRange(order, 0, cut);
    int[] train = Arrays.copyOfRange(order, cut, size);
    Arrays.sort(valid);
    Arrays.sort(train);
    return new Split(train, valid);
  }

  /**
   * Draws about that fraction of each label's pictures for validation: at least one of every label
   * that has two, and never all of one; together as many as {@link #random} draws where that leaves
   * the choice. Where no label has two pictures, it is that draw. The same arguments draw the same
   * split.
   *
   * @param labels a number from 0 for each of at least two pictures
   */
  static Split stratified(int[] labels, double validFraction, Seed seed) {
    int[] left = validCounts(labels, validFraction);
    if (IntStream.of(left).sum() == 0) {
      return random(labels.length, validFraction, seed);
    }
    boolean[] valid = new boolean[labels.length];
    for (int i : Shuffle.of(labels.length, seed.generator())) {
      valid[i] = left[labels[i]] > 0;
      left[labels[i]]--;
    }
    return new Split(
        IntStream.range(0, valid.length).filter(i -> !valid[i]).toArray(),
        IntStream.range(0, valid.length).filter(i -> valid[i]).toArray());
  }

  /** How many of each label validate; what rounding leaves goes where it took most. */
  static int[] validCounts(int[] labels, double validFraction) {
    int[] size = new int[IntStream.of(labels).max().orElseThrow() + 1];
    IntStream.of(labels).forEach(label -> size[label]++);
    int[] count = new int[size.length];
    for (int label = 0; label < size.length; label++) {
      count[label] = size[label] < 2 ? 0 : validCount(size[label], validFraction);
    }
    int missing = validCount(labels.length, validFraction) - IntStream.of(count).sum();
    IntStream.range(0, size.length)
        .filter(label -> count[label] < size[label] - 1)
        .boxed()
        .sorted(Comparator.comparingDouble(l -> count[l] - validFraction * size[l]))
        .limit(Math.max(0, missing))
        .forEach(label -> count[label]++);
    return count;
  }

  /** This as a split of those pictures, of which it has the places. */
  Split of(int[] pictures) {
    return new Split(
        IntStream.of(train).map(i -> pictures[i]).toArray(),
        IntStream.of(valid).map(i -> pictures[i]).toArray());
  }

  /** How many of {@code size} pictures a random split keeps for validation. */
  public static int validCount(int size, double validFraction) {
    return Math.max(1, Math.min(size - 1, (int) (size * validFraction)));
  }

  /** The part of each of {@code pictures}; null for those in none. */
  @Nullable Part[] parts(List<PackedPicture> pictures) {
    @Nullable Part[] parts = new Part[pictures.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = pictures.get(i).folder() == Part.TEST ? Part.TEST : null;
    }
    for (int i : train) {
      parts[i] = Part.TRAIN;
    }
    for (int i : valid) {
      parts[i] = Part.VALID;
    }
    return parts;
  }
}
