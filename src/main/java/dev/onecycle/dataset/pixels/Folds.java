package dev.onecycle.dataset.pixels;

import dev.onecycle.platform.Seed;
import dev.onecycle.platform.Shuffle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Labelled pictures in k folds of about the same size, each label spread evenly over them; pictures
 * with the same bytes are in one. For k trainings, each of which leaves one fold out.
 *
 * @param of the fold of each picture, from 0; -1 for one without a label; not copied
 * @param count how many there are
 */
public record Folds(int[] of, int count) {

  /**
   * Deals pictures into folds; the same arguments deal the same, on any machine.
   *
   * @param count at least 2
   */
  public static Folds of(List<PackedPicture> pictures, int count, Seed seed) {
    Map<Sha256, List<Integer>> same = new LinkedHashMap<>();
    for (int i = 0; i < pictures.size(); i++) {
      if (pictures.get(i).label() != null) {
        same.computeIfAbsent(pictures.get(i).sha256(), bytes -> new ArrayList<>()).add(i);
      }
    }
    List<List<Integer>> groups = new ArrayList<>(same.values());
    List<List<Integer>> dealt = new ArrayList<>();
    IntStream.of(Shuffle.of(groups.size(), seed.generator()))
        .forEach(i -> dealt.add(groups.get(i)));
    dealt.sort(Comparator.comparing(group -> label(pictures, group)));
    int[] of = new int[pictures.size()];
    Arrays.fill(of, -1);
    for (int i = 0; i < dealt.size(); i++) {
      for (int picture : dealt.get(i)) {
        of[picture] = i % count;
      }
    }
    return new Folds(of, count);
  }

  private static String label(List<PackedPicture> pictures, List<Integer> group) {
    @Nullable String label = pictures.get(group.get(0)).label();
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
