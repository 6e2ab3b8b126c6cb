package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FoldsTest {

  private static PackedPicture picture(int number, @Nullable String label, String content) {
    Sha256 sha256 = Sha256.of(content.getBytes(UTF_8));
    return new PackedPicture(number + ".png", label, null, 0, 1, 8, 8, sha256, 0, 0);
  }

  /** Thirty of one label, seven of another, one of none, and four copies of the first. */
  private static List<PackedPicture> pictures() {
    List<PackedPicture> pictures = new ArrayList<>();
    IntStream.range(0, 30).forEach(i -> pictures.add(picture(i, "cat", "c" + i)));
    IntStream.range(0, 7).forEach(i -> pictures.add(picture(i, "dog", "d" + i)));
    pictures.add(picture(37, null, "n"));
    IntStream.range(38, 42).forEach(i -> pictures.add(picture(i, i < 40 ? "cat" : "dog", "c0")));
    return pictures;
  }

  @Test
  void everyLabelIsSpreadEvenly() {
    Folds folds = Folds.of(pictures(), 3, new Seed(5));
    for (int fold = 0; fold < 3; fold++) {
      int[] in = folds.in(fold);
      assertThat(IntStream.of(in).filter(i -> i < 30).count()).isEqualTo(10);
      assertThat(IntStream.of(in).filter(i -> i >= 30 && i < 37).count()).isBetween(2L, 3L);
      assertThat(IntStream.concat(IntStream.of(in), IntStream.of(folds.notIn(fold))).sorted())
          .hasSize(41)
          .doesNotContain(37);
    }
  }

  @Test
  void copiesAreInOneFoldWhateverTheirLabels() {
    for (int seed = 0; seed < 20; seed++) {
      int[] of = Folds.of(pictures(), 4, new Seed(seed)).of();
      assertThat(IntStream.range(38, 42).map(i -> of[i])).containsOnly(of[0]);
    }
  }

  @Test
  void theSameSeedDealsTheSame() {
    int[] first = Folds.of(pictures(), 5, new Seed(1)).of();
    assertThat(Folds.of(pictures(), 5, new Seed(1)).of()).isEqualTo(first);
    assertThat(Folds.of(pictures(), 5, new Seed(2)).of()).isNotEqualTo(first);
  }
}
