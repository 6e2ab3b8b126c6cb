package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.layout.Part;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
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

  /** Labels of these sizes, dealt in turn. */
  private static int[] labels(int... sizes) {
    List<Integer> labels = new ArrayList<>();
    for (int round = 0; round < Arrays.stream(sizes).max().orElseThrow(); round++) {
      for (int label = 0; label < sizes.length; label++) {
        if (round < sizes[label]) {
          labels.add(label);
        }
      }
    }
    return labels.stream().mapToInt(label -> label).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "5 5 5 5, 0.2, 1 1 1 1",
    "1 2 3 10 100, 0.2, 0 1 1 2 20",
    "7 7 7, 0.2, 2 1 1",
    "7 9 8, 0.2, 1 2 1",
    "2 2, 0.9, 1 1",
    "3 30, 0.5, 1 15",
    "1 4, 0.99, 0 3"
  })
  void stratifiedTakesTheFractionOfEachLabel(String sizes, double fraction, String valid) {
    int[] labels =
        labels(Arrays.stream(sizes.split(" ", -1)).mapToInt(Integer::parseInt).toArray());
    Split split = Split.stratified(labels, fraction, new Seed(3));
    String counts =
        IntStream.range(0, sizes.split(" ", -1).length)
            .mapToObj(l -> "" + Arrays.stream(split.valid()).filter(i -> labels[i] == l).count())
            .collect(Collectors.joining(" "));
    assertThat(counts).isEqualTo(valid);
    assertThat(IntStream.concat(IntStream.of(split.train()), IntStream.of(split.valid())).sorted())
        .containsExactlyElementsOf(IntStream.range(0, labels.length).boxed().toList());
    assertThat(Split.stratified(labels, fraction, new Seed(3)).valid()).isEqualTo(split.valid());
  }

  @Test
  void stratifiedDrawsEachPictureOfALabelEquallyOften() {
    int[] labels = labels(4, 16);
    int[] drawn = new int[labels.length];
    for (int seed = 0; seed < 5_000; seed++) {
      for (int i : Split.stratified(labels, 0.25, new Seed(seed)).valid()) {
        drawn[i]++;
      }
    }
    // Binomial(5000, 1/4): 1250, standard deviation 31.
    assertThat(Arrays.stream(drawn).boxed().toList())
        .allSatisfy(count -> assertThat(count).isBetween(1_250 - 150, 1_250 + 150));
  }

  @Test
  void labelsOfOnePictureEachAreDrawnAsIfThereWereNone() {
    assertThat(Split.stratified(labels(1, 1, 1, 1, 1), 0.2, new Seed(9)).valid())
        .isEqualTo(Split.random(5, 0.2, new Seed(9)).valid());
  }

  @Test
  void newRandomSplitsAreStratifiedAndEarlierOnesStayAsTheyAre() {
    assertThat(SplitSpec.by("random").asked().stratify()).isTrue();
    assertThat(SplitSpec.by("random").stratify()).isNull();
    assertThat(SplitSpec.by("folders").asked().stratify()).isNull();
    SplitSpec plain = new SplitSpec(SplitSpec.Strategy.RANDOM, null, null, false);
    assertThat(plain.asked()).isSameAs(plain);
    assertThatThrownBy(() -> new SplitSpec(SplitSpec.Strategy.FOLDERS, null, null, true))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("split.stratify");

    List<PackedPicture> pictures = new ArrayList<>();
    for (int label : labels(5, 5, 5, 5)) {
      pictures.add(
          new PackedPicture(
              pictures.size() + "", "l" + label, null, 0, 1, 1, 1, new Sha256(0, 0, 0, 0), 0, 0));
    }
    int[] fastais = Split.random(20, 0.2, new Seed(42)).valid();
    assertThat(SplitSpec.byDefault().of(pictures).valid()).isEqualTo(fastais);
    assertThat(Arrays.stream(SplitSpec.byDefault().asked().of(pictures).valid()))
        .extracting(i -> pictures.get(i).label())
        .containsExactlyInAnyOrder("l0", "l1", "l2", "l3");
  }

  private static PackedPicture in(String folder) {
    PicturePath path = PicturePath.of("set/" + folder + "/cat/" + folder + ".png");
    return new PackedPicture(
        path.toString(),
        "cat",
        Part.named(folder).orElse(null),
        0,
        1,
        1,
        1,
        new Sha256(0, 0, 0, 0),
        0,
        0);
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
    SplitSpec folders = new SplitSpec(SplitSpec.Strategy.FOLDERS, null, null, null);
    assertThatThrownBy(() -> folders.of(one))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("found 2 and 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, -0.1, 1.5, Double.NaN})
  void refusesFractionsThatLeaveAPartEmpty(double fraction) {
    assertThatThrownBy(() -> new SplitSpec(null, fraction, null, null))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("validFraction " + fraction);
  }
}
