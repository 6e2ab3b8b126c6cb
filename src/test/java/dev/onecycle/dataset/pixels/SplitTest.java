package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.layout.Part;
import dev.onecycle.dataset.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  @ParameterizedTest
  @CsvSource({"2, 0.2, 1", "2, 0.9, 1", "10, 0.2, 2", "99, 0.2, 19", "1000, 0.999, 999"})
  void takesTheFractionButNeverNothingOrAll(int size, double fraction, int valid) {
    Split split = Split.random(size, fraction, new Seed(1));
    assertThat(split.valid()).hasSize(valid);
    assertThat(IntStream.concat(IntStream.of(split.train()), IntStream.of(split.valid())).sorted())
        .containsExactlyElementsOf(IntStream.range(0, size).boxed().toList());
    assertThat(split.train()).isSorted();
    assertThat(split.valid()).isSorted();
  }

  @Test
  void isAFunctionOfItsSeed() {
    int[] first = Split.random(1_000, 0.2, new Seed(7)).valid();
    assertThat(Split.random(1_000, 0.2, new Seed(7)).valid()).isEqualTo(first);
    assertThat(Split.random(1_000, 0.2, new Seed(8)).valid()).isNotEqualTo(first);
  }

  @Test
  void drawsEveryPictureEquallyOften() {
    int[] drawn = new int[20];
    for (int seed = 0; seed < 5_000; seed++) {
      for (int i : Split.random(20, 0.25, new Seed(seed)).valid()) {
        drawn[i]++;
      }
    }
    // Binomial(5000, 1/4): 1250, standard deviation 31.
    assertThat(drawn)
        .satisfies(
            all ->
                assertThat(Arrays.stream(all).boxed().toList())
                    .allSatisfy(count -> assertThat(count).isBetween(1_250 - 150, 1_250 + 150)));
  }

  @Test
  void onePictureCannotBeSplit() {
    assertThatIllegalArgumentException().isThrownBy(() -> Split.random(1, 0.2, new Seed(1)));
  }

  private static PackedPicture in(String folder) {
    PicturePath path = PicturePath.of("set/" + folder + "/cat/" + folder + ".png");
    return new PackedPicture(
        path.toString(), "cat", Part.named(folder).orElse(null), 0, 1, 1, 1, "", 0, 0);
  }

  @Test
  void foldersAreTheDefaultWhereBothHavePictures() {
    List<PackedPicture> both = List.of(in("Train"), in("VAL"), in("test"), in("valid"));
    assertThat(SplitSpec.byDefault().resolved(both).strategy())
        .isEqualTo(SplitSpec.Strategy.FOLDERS);
    Split split = SplitSpec.byDefault().of(both);
    assertThat(split.train()).containsExactly(0);
    assertThat(split.valid()).containsExactly(1, 3);

    List<PackedPicture> one = List.of(in("train"), in("train"), in("other"));
    assertThat(SplitSpec.byDefault().resolved(one).strategy()).isEqualTo(SplitSpec.Strategy.RANDOM);
    SplitSpec folders = new SplitSpec(SplitSpec.Strategy.FOLDERS, null, null);
    assertThatThrownBy(() -> folders.of(one))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("found 2 and 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void refusesFractionsThatLeaveAPartEmpty(double fraction) {
    assertThatThrownBy(() -> new SplitSpec(null, fraction, null))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("validFraction " + fraction);
  }
}
