package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateFinderTest {

  private static PackedPicture picture(int i, long fingerprint) {
    return picture(i, fingerprint, 0x808080);
  }

  private static PackedPicture picture(int i, long fingerprint, int colour) {
    return new PackedPicture("a/" + i, "a", null, 0, 1, 1, 1, sha(i), fingerprint, colour);
  }

  private static Sha256 sha(int i) {
    return new Sha256(i, 0, 0, 0);
  }

  private static List<List<Integer>> near(List<PackedPicture> pictures) {
    return DuplicateFinder.near(pictures, () -> {}).stream()
        .map(group -> IntStream.of(group).boxed().toList())
        .toList();
  }

  /** Groups by comparing all pairs, for as long as one joins two groups. */
  private static Set<List<Integer>> compared(List<PackedPicture> pictures) {
    int[] group = IntStream.range(0, pictures.size()).toArray();
    for (boolean joined = true; joined; ) {
      joined = false;
      for (int i = 0; i < group.length; i++) {
        for (int j = 0; j < i; j++) {
          if (group[i] != group[j] && alike(pictures.get(i), pictures.get(j))) {
            group[i] = Math.min(group[i], group[j]);
            group[j] = group[i];
            joined = true;
          }
        }
      }
    }
    return IntStream.range(0, group.length)
        .boxed()
        .collect(Collectors.groupingBy(i -> group[i]))
        .values()
        .stream()
        .filter(members -> members.size() > 1)
        .collect(Collectors.toSet());
  }

  private static boolean alike(PackedPicture one, PackedPicture other) {
    return Long.bitCount(one.fingerprint() ^ other.fingerprint()) <= 3
        && Math.abs((one.colour() >> 16) - (other.colour() >> 16)) <= 4
        && Math.abs((one.colour() >> 8 & 255) - (other.colour() >> 8 & 255)) <= 4
        && Math.abs((one.colour() & 255) - (other.colour() & 255)) <= 4;
  }

  /** Against all pairs: the bands must not miss a single near one. */
  @Test
  void findsWhatComparingAllPairsFinds() {
    RandomGenerator random = new Seed(5).generator();
    List<PackedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      long print = random.nextLong();
      pictures.add(picture(2 * i, print));
      long flipped = print;
      for (int bit = 0; bit < i % 6; bit++) {
        flipped ^= 1L << random.nextInt(64);
      }
      pictures.add(picture(2 * i + 1, flipped));
    }
    Set<List<Integer>> expected = new HashSet<>();
    for (int i = 0; i < pictures.size(); i++) {
      for (int j = i + 1; j < pictures.size(); j++) {
        long difference = pictures.get(i).fingerprint() ^ pictures.get(j).fingerprint();
        if (Long.bitCount(difference) <= Fingerprint.NEAR) {
          expected.add(List.of(i, j));
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(200);
    assertThat(near(pictures)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(DuplicateFinder.exact(pictures)).isEmpty();
  }

  @Test
  void picturesOfAnotherColourAreNotAlike() {
    PackedPicture grey = picture(0, 1);
    PackedPicture near = new PackedPicture("a/1", "a", null, 0, 1, 1, 1, sha(1), 1, 0x848080);
    PackedPicture far = new PackedPicture("a/2", "a", null, 0, 1, 1, 1, sha(2), 1, 0x80807b);
    assertThat(near(List.of(grey, near))).containsExactly(List.of(0, 1));
    assertThat(near(List.of(grey, far))).isEmpty();
  }

  /**
   * Fingerprints of {@code bits} bits, and colours from a cube: crowded ones, in which groups
   * touch, and sparse ones.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 256, 700",
    "3, 90, 700",
    "10, 60, 700",
    "14, 20, 900",
    "24, 5, 900",
    "64, 1, 300"
  })
  void findsTheGroupsThatComparingAllPairsFinds(int bits, int side, int size) {
    RandomGenerator random = new Seed(bits).generator();
    long mask = bits == 0 ? 0 : -1L >>> (Long.SIZE - bits);
    List<PackedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int red = random.nextInt(side);
      int green = random.nextInt(side);
      int colour = red << 16 | green << 8 | random.nextInt(side);
      pictures.add(picture(i, Long.rotateLeft(random.nextLong() & mask, 7), colour));
    }
    assertThat(near(pictures)).containsExactlyInAnyOrderElementsOf(compared(pictures));
  }

  /**
   * Kinds of many pictures that look alike in part or in whole: few sets for each, none of them
   * large.
   *
   * @param bits that fingerprints have; the others are those of a plain border
   * @param ones of a hundred bits, how many are set
   * @param side of the cube that colours are from
   */
  @ParameterizedTest
  @CsvSource({"0, 50, 256", "0, 50, 1", "8, 50, 256", "64, 50, 256", "64, 5, 1", "30, 10, 20"})
  void manyPicturesOfAKindTakeLittleMoreThanOthers(int bits, int ones, int side) {
    RandomGenerator random = new Seed(bits).generator();
    List<PackedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      long print = 0;
      for (int bit = 0; bit < bits; bit++) {
        print |= random.nextInt(100) < ones ? 1L << bit : 0;
      }
      int colour = random.nextInt(side) << 16 | random.nextInt(side) << 8 | random.nextInt(side);
      pictures.add(picture(i, print, colour));
    }
    AtomicInteger sets = new AtomicInteger();
    DuplicateFinder.near(pictures, sets::incrementAndGet);
    assertThat(sets.get()).isLessThan(30 * pictures.size());
  }

  @Test
  void theSearchEndsWhenItsStepThrows() {
    List<PackedPicture> alike = List.of(picture(0, 0), picture(1, 0));
    assertThatThrownBy(
            () ->
                DuplicateFinder.near(
                    alike,
                    () -> {
                      throw new CancellationException();
                    }))
        .isInstanceOf(CancellationException.class);
  }
}
