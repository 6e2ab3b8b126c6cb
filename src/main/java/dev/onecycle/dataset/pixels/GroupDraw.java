package dev.onecycle.dataset.pixels;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Draws whole groups of pictures for validation, greedily: in an order drawn at random each that
 * fits into what is still wanted of each label; then, small ones first, each that brings the counts
 * closer to that; then each that has a label of which nothing validates yet. No group is taken with
 * which the last training picture of a label would go.
 */
final class GroupDraw {

  private final int[] missing;
  private final int[] training;
  private final boolean[] validating;
  private final boolean[] taken;
  private final Group[] groups;

  /**
   * What a group is made of.
   *
   * @param labels of its pictures, each once
   * @param counts of their pictures
   */
  private record Group(int number, int[] labels, int[] counts) {
    private int size() {
      return IntStream.of(counts).sum();
    }
  }

  private GroupDraw(int[] labels, int[] numbers, int[] wanted, Seed seed) {
    missing = wanted.clone();
    training = new int[wanted.length];
    validating = new boolean[wanted.length];
    IntStream.of(labels).forEach(label -> training[label]++);
    List<Group> all = groups(labels, numbers);
    taken = new boolean[all.size()];
    groups =
        IntStream.of(Shuffle.of(taken.length, seed.generator()))
            .mapToObj(all::get)
            .toArray(Group[]::new);
    take(this::fits);
    Arrays.sort(groups, Comparator.comparingInt(Group::size));
    take(this::brings);
    take(this::begins);
  }

  /**
   * Draws about that fraction of the pictures for validation: of all together off by at most half
   * of a group's size where groups leave the choice, of each label as near as whole groups come.
   * The same arguments draw the same split.
   *
   * @param labels of the pictures, from 0; all 0 for a draw that does not look at them. Where each
   *     label lies in a single group, it is that draw
   * @param numbers of the pictures' groups, from 0, none left out
   * @throws Failure.Invalid if there is a single group
   */
  static Split of(int[] labels, int[] numbers, double validFraction, Seed seed) {
    GroupDraw draw = new GroupDraw(labels, numbers, Split.validCounts(labels, validFraction), seed);
    if (draw.isEmpty()) {
      int[] same = new int[labels.length];
      draw = new GroupDraw(same, numbers, Split.validCounts(same, validFraction), seed);
    }
    if (draw.isEmpty()) {
      throw new Failure.Invalid(
          "all %d pictures are of one group, so that none can validate".formatted(labels.length),
          "Take a pattern for split.group that tells groups apart, or leave it out.");
    }
    boolean[] valid = draw.taken;
    return new Split(
        IntStream.range(0, labels.length).filter(i -> !valid[numbers[i]]).toArray(),
        IntStream.range(0, labels.length).filter(i -> valid[numbers[i]]).toArray());
  }

  private static List<Group> groups(int[] labels, int[] numbers) {
    long[] pairs = new long[labels.length];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = (long) numbers[i] << 32 | labels[i];
    }
    Arrays.sort(pairs);
    Group[] groups = new Group[(int) (pairs[pairs.length - 1] >> 32) + 1];
    int from = 0;
    for (int number = 0; number < groups.length; number++) {
      int[] found = new int[1];
      int[] counts = new int[1];
      int size = 0;
      for (; from < pairs.length && pairs[from] >> 32 == number; from++) {
        int label = (int) pairs[from];
        if (size > 0 && found[size - 1] == label) {
          counts[size - 1]++;
          continue;
        }
        if (size == found.length) {
          found = Arrays.copyOf(found, 2 * size);
          counts = Arrays.copyOf(counts, 2 * size);
        }
        found[size] = label;
        counts[size++] = 1;
      }
      groups[number] = new Group(number, Arrays.copyOf(found, size), Arrays.copyOf(counts, size));
    }
    return Arrays.asList(groups);
  }

  private void take(Predicate<Group> wanted) {
    for (Group group : groups) {
      if (!taken[group.number] && leavesSome(group) && wanted.test(group)) {
        taken[group.number] = true;
        for (int i = 0; i < group.labels.length; i++) {
          training[group.labels[i]] -= group.counts[i];
          missing[group.labels[i]] -= group.counts[i];
          validating[group.labels[i]] = true;
        }
      }
    }
  }

  private boolean leavesSome(Group group) {
    return each(group, i -> training[group.labels[i]] > group.counts[i]);
  }

  private boolean fits(Group group) {
    return each(group, i -> missing[group.labels[i]] >= group.counts[i]);
  }

  /** Whether more would be right with it than without. */
  private boolean brings(Group group) {
    int gain = 0;
    for (int i = 0; i < group.labels.length; i++) {
      int before = missing[group.labels[i]];
      gain += Math.abs(before) - Math.abs(before - group.counts[i]);
    }
    return gain > 0;
  }

  private boolean begins(Group group) {
    return !each(group, i -> validating[group.labels[i]]);
  }

  private static boolean each(Group group, java.util.function.IntPredicate holds) {
    return IntStream.range(0, group.labels.length).allMatch(holds);
  }

  private boolean isEmpty() {
    return IntStream.range(0, taken.length).noneMatch(i -> taken[i]);
  }
}
