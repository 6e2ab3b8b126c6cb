package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.layout.GroupRule;
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
    Folds folds = Folds.of(pictures(), 3, new Seed(5), null);
    for (int fold = 0; fold < 3; fold++) {
      int[] in = folds.in(fold);
      assertThat(IntStream.of(in).filter(i -> i < 30 || i == 38 || i == 39).count())
          .isBetween(10L, 11L);
      assertThat(IntStream.of(in).filter(i -> i >= 30 && i != 38 && i != 39).count()).isEqualTo(3);
      assertThat(IntStream.concat(IntStream.of(in), IntStream.of(folds.notIn(fold))).sorted())
          .hasSize(41)
          .doesNotContain(37);
    }
  }

  @Test
  void copiesAreInOneFoldWhateverTheirLabels() {
    for (int seed = 0; seed < 20; seed++) {
      int[] of = Folds.of(pictures(), 4, new Seed(seed), null).of();
      assertThat(IntStream.range(38, 42).map(i -> of[i])).containsOnly(of[0]);
    }
  }

  @Test
  void theSameSeedDealsTheSame() {
    int[] first = Folds.of(pictures(), 5, new Seed(1), null).of();
    assertThat(Folds.of(pictures(), 5, new Seed(1), null).of()).isEqualTo(first);
    assertThat(Folds.of(pictures(), 5, new Seed(2), null).of()).isNotEqualTo(first);
  }

  /** Ten patients of four pictures each, some with both labels; one of them has a copy. */
  @Test
  void whatBelongsTogetherIsInOneFoldAndFoldsAreOfOneSize() {
    List<PackedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pictures.add(patient(i / 4, i, i % 8 < 5 ? "ill" : "well", i == 39 ? "p0" : "p" + i));
    }
    GroupRule rule = new GroupRule("^(?<group>[^_]+)_");
    for (int seed = 0; seed < 20; seed++) {
      Folds folds = Folds.of(pictures, 3, new Seed(seed), rule);
      for (int i = 0; i < 40; i++) {
        assertThat(folds.of()[i]).isEqualTo(folds.of()[i / 4 * 4]);
      }
      assertThat(folds.of()[39]).as("its copy").isEqualTo(folds.of()[0]);
      assertThat(IntStream.range(0, 3).map(fold -> folds.in(fold).length))
          .allMatch(size -> size >= 8 && size <= 16);
    }
  }

  private static PackedPicture patient(int patient, int number, String label, String content) {
    Sha256 sha256 = Sha256.of(content.getBytes(UTF_8));
    String path = "patient%d_%d.png".formatted(patient, number);
    return new PackedPicture(path, label, null, 0, 1, 8, 8, sha256, 0, 0);
  }
}
