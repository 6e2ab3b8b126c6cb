package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class DuplicateFinderTest {

  private static PackedPicture picture(int i, long fingerprint) {
    return new PackedPicture("a/" + i, "a", null, 0, 1, 1, 1, "sha" + i, fingerprint, 0x808080);
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
    assertThat(DuplicateFinder.near(pictures, () -> {}))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(DuplicateFinder.exact(pictures)).isEmpty();
  }

  @Test
  void picturesOfAnotherColourAreNotAlike() {
    PackedPicture grey = picture(0, 1);
    PackedPicture near = new PackedPicture("a/1", "a", null, 0, 1, 1, 1, "x", 1, 0x848080);
    PackedPicture far = new PackedPicture("a/2", "a", null, 0, 1, 1, 1, "y", 1, 0x80807b);
    assertThat(DuplicateFinder.near(List.of(grey, near), () -> {})).containsExactly(List.of(0, 1));
    assertThat(DuplicateFinder.near(List.of(grey, far), () -> {})).isEmpty();
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
