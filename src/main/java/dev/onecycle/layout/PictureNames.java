package dev.onecycle.layout;

import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pictures by what a table may call them: with or without folders, ending and capitals. */
final class PictureNames {

  /** A cell that could mean more than these is not told which: so many rows stay quick. */
  private static final int MOST_ALIKE = 16;

  private final List<PicturePath> pictures;
  private final Map<String, List<Integer>> byName = new HashMap<>();
  private final Map<String, List<Integer>> byStem = new HashMap<>();

  PictureNames(List<PicturePath> pictures) {
    this.pictures = pictures;
    for (int i = 0; i < pictures.size(); i++) {
      List<String> segments = pictures.get(i).segments();
      String name = folded(LabelName.composed(pictures.get(i).file()));
      String stem = PicturePath.stem(name);
      String parent =
          segments.size() < 2 ? "/" : LabelName.composed(segments.get(segments.size() - 2)) + "/";
      for (String folder : List.of("", parent)) {
        byName.computeIfAbsent(folder + name, key -> new ArrayList<>(1)).add(i);
        byStem.computeIfAbsent(folder + stem, key -> new ArrayList<>(1)).add(i);
      }
    }
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * The pictures that a cell may mean: those of that name whose folders agree with the cell's to
   * the furthest; empty where there is none.
   *
   * @param folder the table's own; a cell that is a path from there means that alone
   */
  List<Integer> meant(String cell, String folder) {
    List<String> segments = segments(cell);
    if (segments.isEmpty()) {
      return List.of();
    }
    String name = segments.get(segments.size() - 1);
    List<String> folders = segments.subList(0, segments.size() - 1);
    List<Integer> candidates = candidates(byName, folded(name), folders);
    if (candidates.isEmpty()) {
      candidates = candidates(byStem, PicturePath.stem(folded(name)), folders);
    }
    if (candidates.size() > MOST_ALIKE) {
      return candidates;
    }
    List<Integer> best = furthest(candidates, folders, name);
    if (best.size() > 1) {
      String path = (folder.isEmpty() ? "" : folder + "/") + String.join("/", segments);
      List<Integer> exact = best.stream().filter(i -> isAt(i, path)).toList();
      return exact.isEmpty() ? best : exact;
    }
    return best;
  }

  /** Those in the cell's last folder, or at the top; in any where it has none. */
  private static List<Integer> candidates(
      Map<String, List<Integer>> by, String name, List<String> folders) {
    if (folders.isEmpty()) {
      return by.getOrDefault(name, List.of());
    }
    List<Integer> there = by.get(folders.get(folders.size() - 1) + "/" + name);
    return there == null ? by.getOrDefault("/" + name, List.of()) : there;
  }

  private boolean isAt(int picture, String path) {
    String own = LabelName.composed(pictures.get(picture).toString());
    return own.equals(path) || PicturePath.stem(own).equals(path);
  }

  private List<Integer> furthest(List<Integer> candidates, List<String> folders, String name) {
    List<Integer> best = new ArrayList<>();
    int most = -1;
    for (int i : candidates) {
      int agreeing = agreeing(i, folders);
      boolean cased = LabelName.composed(pictures.get(i).file()).startsWith(name);
      int score = 2 * agreeing + (cased ? 1 : 0);
      if (score > most) {
        best.clear();
        most = score;
      }
      if (score == most) {
        best.add(i);
      }
    }
    return best;
  }

  /** How many folders above it are those of the cell. */
  private int agreeing(int picture, List<String> folders) {
    List<String> own = pictures.get(picture).segments();
    int count = 0;
    while (count < folders.size()
        && count + 1 < own.size()
        && LabelName.composed(own.get(own.size() - 2 - count))
            .equals(folders.get(folders.size() - 1 - count))) {
      count++;
    }
    return count;
  }

  private static List<String> segments(@Nullable String cell) {
    List<String> segments = new ArrayList<>();
    for (String segment :
        LabelName.composed(cell == null ? "" : cell.strip()).split("[/\\\\]", -1)) {
      if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment);
      }
    }
    return segments;
  }
}
