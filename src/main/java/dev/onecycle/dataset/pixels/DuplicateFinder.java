package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Finds groups of pictures with the same bytes, or that look the same. */
final class DuplicateFinder {

  private DuplicateFinder() {}

  /** Groups of indices with equal bytes, each ascending, of two or more. */
  static List<int[]> exact(List<PackedPicture> pictures) {
    return groups(firsts(pictures));
  }

  /**
   * Groups of indices that are connected by looking the same: nearly one fingerprint and nearly one
   * mean colour. So the ends of a group may be further apart; of pictures with the same bytes only
   * the first takes part.
   *
   * @param step taken often; may throw to end the search
   */
  static List<int[]> near(List<PackedPicture> pictures, Runnable step) {
    int[] firsts = firsts(pictures);
    int[] distinct = IntStream.range(0, firsts.length).filter(i -> firsts[i] == i).toArray();
    int[] alike =
        new LookAlikes(
                IntStream.of(distinct).mapToLong(i -> pictures.get(i).fingerprint()).toArray(),
                IntStream.of(distinct).map(i -> pictures.get(i).colour()).toArray(),
                step)
            .groups();
    return groups(alike).stream()
        .map(group -> IntStream.of(group).map(i -> distinct[i]).toArray())
        .toList();
  }

  /** The first picture with the same bytes as each. */
  private static int[] firsts(List<PackedPicture> pictures) {
    Map<Sha256, Integer> seen = new HashMap<>();
    int[] firsts = new int[pictures.size()];
    for (int i = 0; i < firsts.length; i++) {
      Integer earlier = seen.putIfAbsent(pictures.get(i).sha256(), i);
      firsts[i] = earlier == null ? i : earlier;
    }
    return firsts;
  }

  /** What has the same number in {@code group}, where that is more than one. */
  private static List<int[]> groups(int[] group) {
    Map<Integer, int[]> found = new HashMap<>();
    int[] counts = new int[group.length];
    for (int of : group) {
      counts[of]++;
    }
    List<int[]> groups = new ArrayList<>();
    int[] filled = new int[group.length];
    for (int i = 0; i < group.length; i++) {
      int of = group[i];
      if (counts[of] > 1) {
        int[] members = found.get(of);
        if (members == null) {
          members = new int[counts[of]];
          found.put(of, members);
          groups.add(members);
        }
        members[filled[of]++] = i;
      }
    }
    return groups;
  }
}
