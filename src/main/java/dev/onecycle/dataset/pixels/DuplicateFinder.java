package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds groups of pictures with the same bytes, or that look the same. */
final class DuplicateFinder {

  /** One band more than bits may differ: so two near fingerprints agree in one whole band. */
  private static final int BANDS = Fingerprint.NEAR + 1;

  private static final int BAND_BITS = Long.SIZE / BANDS;

  private DuplicateFinder() {}

  /** Groups of indices with equal bytes, each ascending, of two or more. */
  static List<List<Integer>> exact(List<PackedPicture> pictures) {
    return groups(pictures.size(), i -> pictures.get(i).sha256());
  }

  /**
   * Groups of indices that are connected by {@link PackedPicture#looksLike}, so that its ends may
   * be further apart; of pictures with the same bytes only the first takes part.
   *
   * @param step taken at every picture; may throw to end the search
   */
  static List<List<Integer>> near(List<PackedPicture> pictures, Runnable step) {
    int[] parent = IntStream.range(0, pictures.size()).toArray();
    Set<String> seen = new HashSet<>();
    int[] distinct =
        IntStream.range(0, pictures.size())
            .filter(i -> seen.add(pictures.get(i).sha256()))
            .toArray();
    for (int shift = 0; shift < Long.SIZE; shift += BAND_BITS) {
      for (List<Integer> bucket : buckets(pictures, distinct, shift)) {
        join(pictures, bucket, parent, step);
      }
    }
    return groups(pictures.size(), i -> root(parent, i));
  }

  private static Collection<List<Integer>> buckets(
      List<PackedPicture> pictures, int[] indices, int shift) {
    long mask = (1L << BAND_BITS) - 1;
    return IntStream.of(indices)
        .boxed()
        .collect(Collectors.groupingBy(i -> pictures.get(i).fingerprint() >>> shift & mask))
        .values();
  }

  private static void join(
      List<PackedPicture> pictures, List<Integer> bucket, int[] parent, Runnable step) {
    for (int i : bucket) {
      step.run();
      for (int j : bucket) {
        if (j < i && pictures.get(i).looksLike(pictures.get(j))) {
          parent[root(parent, i)] = root(parent, j);
        }
      }
    }
  }

  private static int root(int[] parent, int i) {
    while (parent[i] != i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  }

  private static <K> List<List<Integer>> groups(int size, IntFunction<K> keyOf) {
    Map<K, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      groups.computeIfAbsent(keyOf.apply(i), key -> new ArrayList<>()).add(i);
    }
    return groups.values().stream().filter(group -> group.size() > 1).toList();
  }
}
