package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds groups of pictures with the same bytes, or with nearly the same fingerprint. */
final class DuplicateFinder {

  /** Fingerprints that differ in at most this many bits look the same. */
  static final int MAX_DISTANCE = 3;

  /** One band more than bits may differ: so two near fingerprints agree in one whole band. */
  private static final int BANDS = MAX_DISTANCE + 1;

  private static final int BAND_BITS = Long.SIZE / BANDS;

  private DuplicateFinder() {}

  /** Groups of indices with equal bytes, each ascending, of two or more. */
  static List<List<Integer>> exact(List<PackedPicture> pictures) {
    return groups(pictures.size(), i -> pictures.get(i).sha256());
  }

  /**
   * Groups of indices that are connected by near fingerprints and hold at least two different
   * files. A group may so reach further than {@link #MAX_DISTANCE} from end to end.
   */
  static List<List<Integer>> near(List<PackedPicture> pictures) {
    long[] prints = pictures.stream().mapToLong(PackedPicture::fingerprint).distinct().toArray();
    int[] parent = IntStream.range(0, prints.length).toArray();
    for (int band = 0; band < BANDS; band++) {
      for (int[] bucket : buckets(prints, band)) {
        join(prints, bucket, parent);
      }
    }
    Map<Long, Integer> rootOf = new HashMap<>();
    for (int i = 0; i < prints.length; i++) {
      rootOf.put(prints[i], root(parent, i));
    }
    return groups(pictures.size(), i -> rootOf.get(pictures.get(i).fingerprint())).stream()
        .filter(group -> group.stream().map(i -> pictures.get(i).sha256()).distinct().count() > 1)
        .toList();
  }

  private static Collection<int[]> buckets(long[] prints, int band) {
    return IntStream.range(0, prints.length)
        .boxed()
        .collect(Collectors.groupingBy(i -> prints[i] >>> (band * BAND_BITS) & 0xFFFF))
        .values()
        .stream()
        .map(bucket -> bucket.stream().mapToInt(i -> i).toArray())
        .toList();
  }

  private static void join(long[] prints, int[] bucket, int[] parent) {
    for (int i = 0; i < bucket.length; i++) {
      for (int j = 0; j < i; j++) {
        if (Long.bitCount(prints[bucket[i]] ^ prints[bucket[j]]) <= MAX_DISTANCE) {
          parent[root(parent, bucket[i])] = root(parent, bucket[j]);
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
