package dev.onecycle.layout;

import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pictures by what a table may call them: with or without folders, ending and capitals. */
final class PictureNames {

  /** A cell that could mean more than these is not told which: so many rows stay quick. */
  static final int MOST_ALIKE = 16;

  private final List<PicturePath> pictures;
  private final Chains names;
  private final Chains stems;
  private final Chains placedNames;
  private final Chains placedStems;

  PictureNames(List<PicturePath> pictures) {
    this.pictures = pictures;
    names = new Chains(PictureNames::name);
    stems = new Chains(picture -> PicturePath.stem(name(picture)));
    placedNames = new Chains(picture -> parent(picture) + name(picture));
    placedStems = new Chains(picture -> parent(picture) + PicturePath.stem(name(picture)));
    for (int i = pictures.size() - 1; i >= 0; i--) {
      PicturePath picture = pictures.get(i);
      for (Chains chains : List.of(names, stems, placedNames, placedStems)) {
        chains.add(picture, i);
      }
    }
  }

  private static String name(PicturePath picture) {
    return folded(LabelName.composed(picture.file()));
  }

  private static String parent(PicturePath picture) {
    List<String> segments = picture.segments();
    return segments.size() < 2 ? "/" : LabelName.composed(segments.get(segments.size() - 2)) + "/";
  }

  /**
   * Pictures by a text of each. It is not kept, but made again where one is looked for: those of a
   * million pictures would fill the memory.
   */
  private final class Chains {
    private final Function<PicturePath, String> text;
    private final int[] first;
    private final int[] next;

    /** Nobody can choose names that fall together. */
    private final int factor = ThreadLocalRandom.current().nextInt() | 1;

    private Chains(Function<PicturePath, String> text) {
      this.text = text;
      next = new int[pictures.size()];
      first = new int[Math.max(2, Integer.highestOneBit(next.length) * 2)];
      Arrays.fill(first, -1);
    }

    private void add(PicturePath picture, int number) {
      int place = place(text.apply(picture));
      next[number] = first[place];
      first[place] = number;
    }

    private int place(String of) {
      int hash = 0;
      for (int i = 0; i < of.length(); i++) {
        hash = hash * factor + of.charAt(i);
      }
      return (hash ^ (hash >>> 16)) & (first.length - 1);
    }

    /** Those that have that text, in order; of many one more than are told apart. */
    private List<Integer> of(String wanted) {
      List<Integer> found = new ArrayList<>();
      for (int i = first[place(wanted)]; i >= 0 && found.size() <= MOST_ALIKE; i = next[i]) {
        if (text.apply(pictures.get(i)).equals(wanted)) {
          found.add(i);
        }
      }
      return found;
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
    List<Integer> candidates = candidates(names, placedNames, folded(name), folders);
    if (candidates.isEmpty()) {
      candidates = candidates(stems, placedStems, PicturePath.stem(folded(name)), folders);
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
      Chains all, Chains placed, String name, List<String> folders) {
    if (folders.isEmpty()) {
      return all.of(name);
    }
    List<Integer> there = placed.of(folders.get(folders.size() - 1) + "/" + name);
    return there.isEmpty() ? placed.of("/" + name) : there;
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
