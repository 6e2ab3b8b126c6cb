package dev.onecycle.dataset.pixels;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.onecycle.layout.GroupRule;
import dev.onecycle.layout.Groups;
import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Labelled pictures in k folds of about the same size, each label spread evenly over them; pictures
 * with the same bytes are in one, and those of one group. For k trainings, each of which leaves one
 * fold out.
 *
 * @param of the fold of each picture, from 0; -1 for one without a label; not copied
 * @param count how many there are
 */
public record Folds(int[] of, int count) {

  /**
   * Deals pictures into folds; the same arguments deal the same, on any machine.
   *
   * @param count at least 2
   * @param rule which pictures belong together; null: only those with the same bytes
   */
  static Folds of(List<PackedPicture> pictures, int count, Seed seed, @Nullable GroupRule rule) {
    List<List<Integer>> together = together(pictures, rule);
    List<List<Integer>> dealt =
        IntStream.of(Shuffle.of(together.size(), seed.generator()))
            .mapToObj(together::get)
            .sorted(
                Comparator.<List<Integer>, String>comparing(set -> label(pictures, set.get(0)))
                    .thenComparing(set -> -set.size()))
            .toList();
    int[] of = new int[pictures.size()];
    Arrays.fill(of, -1);
    int[] sizes = new int[count];
    Map<String, int[]> alike = new HashMap<>(); // of each label, how many are in each fold
    for (List<Integer> set : dealt) {
      List<int[]> counts =
          set.stream()
              .map(picture -> alike.computeIfAbsent(label(pictures, picture), l -> new int[count]))
              .toList();
      int fold =
          IntStream.range(0, count)
              .boxed()
              .min(
                  Comparator.<Integer>comparingLong(i -> counts.stream().mapToLong(c -> c[i]).sum())
                      .thenComparing(i -> sizes[i]))
              .orElseThrow();
      set.forEach(picture -> of[picture] = fold);
      counts.forEach(folds -> folds[fold]++);
      sizes[fold] += set.size();
    }
    return new Folds(of, count);
  }

  /** Returns the labelled pictures in sets that no fold parts. */
  private static List<List<Integer>> together(
      List<PackedPicture> pictures, @Nullable GroupRule rule) {
    int[] labelled =
        IntStream.range(0, pictures.size()).filter(i -> pictures.get(i).label() != null).toArray();
    Joined joined = new Joined(pictures.size());
    Map<Sha256, Integer> first = new HashMap<>();
    for (int i : labelled) {
      joined.join(i, first.computeIfAbsent(pictures.get(i).sha256(), bytes -> i));
    }
    if (rule != null) {
      List<String> paths = IntStream.of(labelled).mapToObj(i -> pictures.get(i).path()).toList();
      int[] groups = new Groups(paths, rule).numbers();
      int[] firstOf = new int[groups.length];
      Arrays.fill(firstOf, -1);
      for (int i = 0; i < groups.length; i++) {
        firstOf[groups[i]] = firstOf[groups[i]] < 0 ? labelled[i] : firstOf[groups[i]];
        joined.join(labelled[i], firstOf[groups[i]]);
      }
    }
    return List.copyOf(
        IntStream.of(labelled)
            .boxed()
            .collect(groupingBy(joined::root, LinkedHashMap::new, toList()))
            .values());
  }

  private static String label(List<PackedPicture> pictures, int picture) {
    @Nullable String label = pictures.get(picture).label();
    return label == null ? "" : label;
  }

  /** The pictures of a fold, ascending. */
  public int[] in(int fold) {
    return IntStream.range(0, of.length).filter(i -> of[i] == fold).toArray();
  }

  /** The pictures of all other folds, ascending. */
  public int[] notIn(int fold) {
    return IntStream.range(0, of.length).filter(i -> of[i] >= 0 && of[i] != fold).toArray();
  }
}
