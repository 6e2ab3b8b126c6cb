package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Groups of pictures that are connected by looking the same, found in little more time than sorting
 * takes, however many there are of a kind.
 *
 * <p>A set of pictures is divided into overlapping ones in which any two that look the same meet,
 * until there are so few that each is compared with each. Either by four bands of the bits that
 * differ in it: of two fingerprints that differ in three, a whole band is equal. Or by a channel of
 * the mean colour, cut in two halves that overlap by as much as it may move. A set that is one
 * group already is divided no further.
 */
final class LookAlikes {

  /** So few are compared sooner than divided. */
  private static final int FEW = 64;

  private static final int SAMPLE = 256;

  /** One band more than bits may differ. */
  private static final int BANDS = Fingerprint.NEAR + 1;

  private final long[] prints;
  private final int[] colours;
  private final Joined joined;
  private final Runnable step;

  /**
   * @param prints the pictures' fingerprints
   * @param colours their mean colours, 0xRRGGBB
   * @param step taken at every set; may throw to end the search
   */
  LookAlikes(long[] prints, int[] colours, Runnable step) {
    this.prints = prints;
    this.colours = colours;
    this.step = step;
    this.joined = new Joined(prints.length);
  }

  /** Returns for each picture one of its group, for all of a group the same one. */
  int[] groups() {
    divide(
        byPrint(IntStream.range(0, prints.length).toArray()).stream()
            .flatMapToInt(same -> classes(same, i -> colours[i]).stream().mapToInt(this::join))
            .toArray());
    return IntStream.range(0, prints.length).map(joined::root).toArray();
  }

  private void divide(int[] set) {
    step.run();
    if (set.length <= FEW) {
      compare(set);
      return;
    }
    Spread spread = spread(set);
    if (spread.oneGroup) {
      return;
    }
    boolean oneColour = spread.width <= PackedPicture.MAX_COLOUR_DISTANCE;
    boolean nearPrints = Long.bitCount(spread.differing) <= Fingerprint.NEAR;
    if (oneColour && nearPrints) {
      join(set);
    } else if (oneColour) {
      bands(byPrint(set).stream().mapToInt(this::join).toArray(), spread).forEach(this::divide);
    } else if (nearPrints || cutIsBetter(set, spread)) {
      halves(set, spread).forEach(this::divide);
    } else {
      bands(set, spread).forEach(this::divide);
    }
  }

  /** Whether cutting leaves fewer pairs to compare than bands do, by a sample of the set. */
  private boolean cutIsBetter(int[] set, Spread spread) {
    int every = set.length / SAMPLE + 1;
    int[] sample = IntStream.range(0, set.length / every).map(i -> set[i * every]).toArray();
    return pairs(halves(sample, spread)) < pairs(bands(sample, spread));
  }

  private static double pairs(List<int[]> sets) {
    return sets.stream().mapToDouble(set -> (double) set.length * set.length).sum();
  }

  /**
   * How far the pictures of a set lie apart.
   *
   * @param differing the bits of fingerprints that differ in it
   * @param channel the one in which colours are most different: 0, 8 or 16 for blue, green, red
   * @param lowest value there
   * @param width from there to the highest
   */
  private record Spread(boolean oneGroup, long differing, int channel, int lowest, int width) {}

  private Spread spread(int[] set) {
    int first = joined.root(set[0]);
    boolean oneGroup = true;
    long differing = 0;
    for (int i : set) {
      differing |= prints[i] ^ prints[set[0]];
      oneGroup &= joined.root(i) == first;
    }
    int channel = 0;
    int lowest = 0;
    int width = -1;
    for (int other = 0; other <= 16; other += 8) {
      int least = 255;
      int most = 0;
      for (int i : set) {
        least = Math.min(least, value(i, other));
        most = Math.max(most, value(i, other));
      }
      if (most - least > width) {
        channel = other;
        lowest = least;
        width = most - least;
      }
    }
    return new Spread(oneGroup, differing, channel, lowest, width);
  }

  private List<int[]> bands(int[] set, Spread spread) {
    int[] bits =
        IntStream.range(0, Long.SIZE).filter(i -> (spread.differing >>> i & 1) == 1).toArray();
    List<int[]> parts = new ArrayList<>();
    for (int first = 0; first < BANDS; first++) {
      int from = first;
      classes(set, i -> everyFourth(prints[i], bits, from)).stream()
          .filter(part -> part.length > 1)
          .forEach(parts::add);
    }
    return parts;
  }

  /** Bits of a band do not lie side by side, where they are often equal together. */
  private static int everyFourth(long print, int[] bits, int from) {
    int band = 0;
    for (int i = from; i < bits.length; i += BANDS) {
      band = band << 1 | (int) (print >>> bits[i] & 1);
    }
    return band;
  }

  private List<int[]> halves(int[] set, Spread spread) {
    int overlap = PackedPicture.MAX_COLOUR_DISTANCE;
    int last = spread.lowest + (spread.width - overlap - 1) / 2;
    return List.of(
        IntStream.of(set).filter(i -> value(i, spread.channel) <= last + overlap).toArray(),
        IntStream.of(set).filter(i -> value(i, spread.channel) > last).toArray());
  }

  private void compare(int[] set) {
    for (int k = 0; k < set.length; k++) {
      int i = set[k];
      for (int l = 0; l < k; l++) {
        int j = set[l];
        if (Fingerprint.distance(prints[i], prints[j]) <= Fingerprint.NEAR
            && PackedPicture.sameColour(colours[i], colours[j])) {
          joined.join(i, j);
        }
      }
    }
  }

  private int value(int i, int channel) {
    return colours[i] >> channel & 255;
  }

  private List<int[]> byPrint(int[] set) {
    long[] sorted = IntStream.of(set).mapToLong(i -> prints[i]).sorted().distinct().toArray();
    return classes(set, i -> Arrays.binarySearch(sorted, prints[i]));
  }

  /** What of a set answers the same number to {@code classOf}, each class in the set's order. */
  private static List<int[]> classes(int[] set, IntUnaryOperator classOf) {
    long[] keyed = new long[set.length];
    for (int i = 0; i < set.length; i++) {
      keyed[i] = (long) classOf.applyAsInt(set[i]) << Integer.SIZE | i;
    }
    Arrays.sort(keyed);
    List<int[]> classes = new ArrayList<>();
    for (int from = 0, to = 0; from < keyed.length; from = to) {
      while (to < keyed.length && keyed[to] >>> Integer.SIZE == keyed[from] >>> Integer.SIZE) {
        to++;
      }
      classes.add(IntStream.range(from, to).map(i -> set[(int) keyed[i]]).toArray());
    }
    return classes;
  }

  /** Makes one group of a set; returns one of it. */
  private int join(int[] set) {
    for (int i : set) {
      joined.join(i, set[0]);
    }
    return set[0];
  }
}
