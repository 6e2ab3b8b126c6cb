package dev.onecycle.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pictures by their folders: the part that each lies in, and the folders below that, of which one
 * may be its class.
 */
final class FolderLabels {

  static final String NO_FOLDER = "in no class folder";
  static final String OUTSIDE = "outside of the parts' folders";

  private final Folder top;
  private final boolean parts;
  private final int wrapped;

  /** Each that there is, once: a million pictures share some thousand. */
  private final Map<Placed, Placed> placed = new HashMap<>();

  FolderLabels(List<PicturePath> pictures, boolean classes) {
    top = Folder.tree(pictures, classes);
    parts = hasParts(top);
    int depth = 0;
    for (Folder only = top.only(); only != null && only.part() == null; only = only.only()) {
      depth++;
    }
    wrapped = depth;
  }

  private static boolean hasParts(Folder folder) {
    return folder.part() != null || folder.children().stream().anyMatch(FolderLabels::hasParts);
  }

  Folder top() {
    return top;
  }

  /**
   * Where a picture lies.
   *
   * @param part that it lies in, or null
   * @param folder of the part, or null
   * @param below the folders below the part, or below what is around everything
   * @param parent the folder that it lies in, unless that is a part's; else null
   */
  record Where(
      @Nullable Part part, @Nullable String folder, List<String> below, @Nullable String parent) {}

  Where where(PicturePath picture) {
    List<String> folders = picture.segments().subList(0, picture.segments().size() - 1);
    Folder folder = top;
    for (int i = 0; i < folders.size() && folder != null; i++) {
      folder = folder.child(folders.get(i));
      if (folder != null && folder.part() != null) {
        List<String> below = folders.subList(i + 1, folders.size());
        if (below.isEmpty() && folder.classAbove()) {
          below = folders.subList(i - 1, i);
        }
        String path = String.join("/", folders.subList(0, i + 1));
        return new Where(folder.part(), path, doubled(folder, below), last(below));
      }
    }
    List<String> below = folders.subList(Math.min(wrapped, folders.size()), folders.size());
    return new Where(null, null, below, parts ? null : last(folders));
  }

  /** Some packers put a part's folder into one of the same kind. */
  private static List<String> doubled(Folder part, List<String> below) {
    Folder only = part.only();
    boolean again = only != null && below.size() > 1 && Part.named(only.name).isPresent();
    return again ? below.subList(1, below.size()) : below;
  }

  private static @Nullable String last(List<String> folders) {
    return folders.isEmpty() ? null : folders.get(folders.size() - 1);
  }

  /** What each picture is by the folder that it lies in. */
  List<Placed> byParent(List<PicturePath> pictures) {
    List<Placed> placed = new ArrayList<>();
    for (PicturePath picture : pictures) {
      Where where = where(picture);
      placed.add(placed(where, where.parent));
    }
    return placed;
  }

  /** What each picture is by the topmost folder below its part; what all have is none. */
  List<Placed> byFirst(List<PicturePath> pictures) {
    List<Where> places = pictures.stream().map(this::where).toList();
    int common = 0;
    while (isCommon(places, common)) {
      common++;
    }
    List<Placed> placed = new ArrayList<>();
    for (Where where : places) {
      String first = where.below.size() > common ? where.below.get(common) : where.parent;
      placed.add(placed(where, first));
    }
    return placed;
  }

  private boolean isCommon(List<Where> places, int depth) {
    String name = null;
    for (Where where : places) {
      if (parts && where.part == null) {
        continue;
      }
      if (where.below.size() <= depth + 1) {
        return false;
      }
      String here = where.below.get(depth);
      if (name != null && !name.equals(here)) {
        return false;
      }
      name = here;
    }
    return name != null;
  }

  private Placed placed(Where where, @Nullable String label) {
    if (parts && where.part == null) {
      return Placed.without(OUTSIDE, null);
    }
    Placed one =
        label == null ? Placed.without(NO_FOLDER, where.part) : new Placed(label, where.part, null);
    return placed.computeIfAbsent(one, same -> same);
  }
}
