package dev.onecycle.dataset.pixels;

import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import java.util.Arrays;
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

  /** How many of {@code size} pictures a random split keeps for validation. */
  public static int validCount(int size, double validFraction) {
    return Math.max(1, Math.min(size - 1, (int) (size * validFraction)));
  }

  /** The part of each of {@code size} pictures; null for those in neither. */
  @Nullable Part[] parts(int size) {
    @Nullable Part[] parts = new Part[size];
    for (int i : train) {
      parts[i] = Part.TRAIN;
    }
    for (int i : valid) {
      parts[i] = Part.VALID;
    }
    return parts;
  }
}
