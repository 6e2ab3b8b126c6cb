package dev.onecycle.dataset.pixels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.layout.GroupRule;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupDrawTest {

  private static Set<Integer> of(int[] numbers, int[] pictures) {
    return Arrays.stream(pictures).mapToObj(i -> numbers[i]).collect(Collectors.toSet());
  }

  /** Groups of a few pictures and a few of many, as patients and videos have them. */
  private static int[] groups(int count, Random random) {
    List<Integer> groups = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      int size = 1 + (int) Math.exp(random.nextDouble() * 4);
      for (int i = 0; i < size; i++) {
        groups.add(group);
      }
    }
    return groups.stream().mapToInt(group -> group).toArray();
  }

  private static void assertWhole(Split split, int[] groups) {
    Set<Integer> both = new HashSet<>(of(groups, split.train()));
    both.retainAll(of(groups, split.valid()));
    assertThat(both).as("groups on both sides").isEmpty();
    assertThat(IntStream.concat(IntStream.of(split.train()), IntStream.of(split.valid())).sorted())
        .containsExactlyElementsOf(IntStream.range(0, groups.length).boxed().toList());
    assertThat(split.train()).isSorted().isNotEmpty();
    assertThat(split.valid()).isSorted().isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2, 0.2", "3, 0.5", "17, 0.2", "40, 0.1", "200, 0.3", "30, 0.9"})
  void noGroupStandsOnBothSidesAndTheShareIsNear(int count, double fraction) {
    for (int seed = 0; seed < 200; seed++) {
      int[] groups = groups(count, new Random(seed));
      Split split = GroupDraw.of(new int[groups.length], groups, fraction, new Seed(seed));
      assertWhole(split, groups);
      int largest =
          IntStream.range(0, count)
              .map(g -> (int) IntStream.of(groups).filter(each -> each == g).count())
              .max()
              .orElseThrow();
      boolean choice = of(groups, split.train()).size() > 1 && of(groups, split.valid()).size() > 1;
      if (choice) {
        assertThat(Math.abs(split.valid().length - Split.validCount(groups.length, fraction)))
            .as("seed %d: %d of %d", seed, split.valid().length, groups.length)
            .isLessThanOrEqualTo(largest / 2);
      }
    }
  }

  @Test
  void everyLabelOfTwoGroupsHasOneOnEachSideAndItsShareIsNear() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] groups = groups(150, random);
      int[] labelOf = random.ints(150, 0, 6).toArray();
      int[] labels = IntStream.of(groups).map(group -> labelOf[group]).toArray();
      Split split = GroupDraw.of(labels, groups, 0.2, new Seed(seed));
      assertWhole(split, groups);
      assertThat(of(labels, split.valid())).as("seed " + seed).hasSize(6);
      assertThat(of(labels, split.train())).as("seed " + seed).hasSize(6);
      for (int label = 0; label < 6; label++) {
        int it = label;
        long all = IntStream.of(labels).filter(l -> l == it).count();
        long valid = IntStream.of(split.valid()).filter(i -> labels[i] == it).count();
        assertThat(valid / (double) all).isBetween(0.1, 0.3);
      }
    }
  }

  @Test
  void groupsOfSeveralLabelsAreSplitSoThatEachLabelValidates() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] groups = groups(60, random);
      int[] labels = random.ints(groups.length, 0, 5).toArray();
      Split split = GroupDraw.of(labels, groups, 0.2, new Seed(seed));
      assertWhole(split, groups);
      assertThat(of(labels, split.valid())).as("seed " + seed).hasSize(5);
      assertThat(split.valid().length / (double) groups.length).isBetween(0.12, 0.28);
    }
  }

  @Test
  void aLabelOfASingleGroupTrains() {
    int[] labels = {0, 0, 0, 1, 1, 1, 1, 2, 2, 2};
    int[] groups = {0, 0, 0, 1, 1, 2, 2, 3, 3, 3};
    for (int seed = 0; seed < 50; seed++) {
      Split split = GroupDraw.of(labels, groups, 0.3, new Seed(seed));
      assertThat(split.valid()).hasSize(2);
      assertThat(of(labels, split.valid())).containsExactly(1);
    }
  }

  @Test
  void whereEachLabelIsOneGroupLabelsDoNotCount() {
    int[] each = {0, 0, 1, 1, 2, 2, 3, 3};
    Split split = GroupDraw.of(each, each, 0.25, new Seed(5));
    assertWhole(split, each);
    assertThat(split.valid())
        .isEqualTo(GroupDraw.of(new int[8], each, 0.25, new Seed(5)).valid())
        .hasSize(2);
  }

  @Test
  void isAFunctionOfItsSeed() {
    int[] groups = groups(100, new Random(1));
    int[] labels = new Random(2).ints(groups.length, 0, 4).toArray();
    int[] first = GroupDraw.of(labels, groups, 0.2, new Seed(7)).valid();
    assertThat(GroupDraw.of(labels, groups, 0.2, new Seed(7)).valid()).isEqualTo(first);
    Set<List<Integer>> different = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      int[] valid = GroupDraw.of(labels, groups, 0.2, new Seed(seed)).valid();
      different.add(Arrays.stream(valid).boxed().toList());
    }
    assertThat(different).hasSize(20);
  }

  @Test
  void aSingleGroupCannotBeSplit() {
    assertThatThrownBy(() -> GroupDraw.of(new int[4], new int[4], 0.2, new Seed(1)))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("all 4 pictures are of one group, so that none can validate");
  }

  @Test
  void aMillionPicturesAreDrawnInSeconds() {
    int[] groups = IntStream.range(0, 1_000_000).map(i -> i / 7).toArray();
    int[] labels = IntStream.range(0, 1_000_000).map(i -> i % 10_000).toArray();
    long begun = System.nanoTime();
    Split split = GroupDraw.of(labels, groups, 0.2, new Seed(1));
    assertThat((System.nanoTime() - begun) / 1e9).isLessThan(60);
    assertThat(split.valid().length).isBetween(150_000, 250_000);
  }

  private static PackedPicture picture(String path) {
    return new PackedPicture(
        path, path.substring(0, 3), null, 0, 1, 1, 1, new Sha256(0, 0, 0, 0), 0, 0);
  }

  @Test
  void aSplitReadsGroupsFromNamesAndIsRandom() {
    List<PackedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      pictures.add(picture((i % 2 == 0 ? "cat" : "dog") + "/p" + i / 4 + "_" + i + ".png"));
    }
    SplitSpec spec =
        new SplitSpec(null, 0.2, 3L, null, new GroupRule("^(?<group>p[0-9]+)_")).asked();
    assertThat(spec.strategy()).isEqualTo(SplitSpec.Strategy.RANDOM);
    assertThat(spec.stratify()).isTrue();
    Split split = spec.of(pictures);
    assertThat(split.valid()).hasSize(8);
    assertThat(of(IntStream.range(0, 40).map(i -> i / 4).toArray(), split.valid())).hasSize(2);
    SplitSpec folders =
        new SplitSpec(SplitSpec.Strategy.FOLDERS, null, null, null, new GroupRule("(a)"));
    assertThatThrownBy(folders::asked)
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("split.group");
  }
}
