package dev.onecycle.layout;

import dev.onecycle.layout.Layout.FoundLabels;
import dev.onecycle.layout.Layout.FoundPart;
import dev.onecycle.layout.Layout.Ignored;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Pictures with the part and the label of each, and what is to be told about that.
 *
 * @param placed in the order of the pictures
 * @param layout without what the import ignored before
 */
public record Arrangement(List<Placed> placed, Layout layout) {

  private static final int MAX_EXAMPLES = 5;
  private static final int MAX_FIRST = 10;

  /**
   * What a dataset is made of.
   *
   * @param pictures those that can be read
   * @param unreadable pictures that cannot
   * @param tables the bytes of each table by its path
   */
  public record Files(
      List<PicturePath> pictures, List<PicturePath> unreadable, Map<String, byte[]> tables) {}

  /**
   * Arranges {@code files}.
   *
   * @param byFolders whether the parts' folders will be the split
   * @throws Failure.Invalid if the rule names a table or column that is not there
   */
  public static Arrangement of(Files files, LabelRule rule, boolean byFolders) {
    List<PicturePath> pictures = files.pictures();
    FolderLabels folders = new FolderLabels(pictures, rule.byFolders());
    List<String> warnings = new ArrayList<>();
    LabelRule resolved = rule;
    List<Placed> placed;
    switch (rule.from()) {
      case PARENT_FOLDER -> placed = folders.byParent(pictures);
      case FIRST_FOLDER -> placed = folders.byFirst(pictures);
      case PATTERN -> placed = byPattern(pictures, rule.names(), folders);
      case CSV -> {
        TableLabels table = new TableLabels(pictures, rule, files.tables());
        placed = table.placed(folders, warnings);
        resolved = table.resolved();
      }
      default -> throw new IllegalStateException("no rule " + rule.from() + ". This is a bug.");
    }
    Map<Placed, Placed> checked = new HashMap<>();
    List<Placed> named = new ArrayList<>();
    placed.forEach(one -> named.add(checked.computeIfAbsent(one, Arrangement::checked)));
    List<Placed> done = PartRoles.decided(named, byFolders, warnings);
    FoundLabels found = labels(resolved, done);
    if (found.count() <= LabelName.MOST) {
      new LayoutDoubts(files, folders, rule, done).tell(warnings);
    }
    List<Ignored> ignored = unlabelled(pictures, done);
    for (Ignored one : ignored) {
      warnings.add(
          "%d %s %s and left out: %s"
              .formatted(
                  one.files(),
                  one.files() == 1 ? "picture is" : "pictures are",
                  one.why(),
                  String.join(", ", one.examples()) + (one.files() > MAX_EXAMPLES ? ", ..." : "")));
    }
    Layout layout = new Layout(parts(pictures, folders, done), found, null, ignored, warnings);
    return new Arrangement(List.copyOf(done), layout);
  }

  private static List<Placed> byPattern(
      List<PicturePath> pictures, NamePattern pattern, FolderLabels folders) {
    Map<Placed, Placed> same = new HashMap<>();
    List<Placed> placed = new ArrayList<>();
    for (PicturePath picture : pictures) {
      String label = pattern.find(picture.toString());
      Part part = folders.where(picture).part();
      Placed one =
          label == null
              ? Placed.without("not matched by the pattern", part)
              : new Placed(label, part, null);
      placed.add(same.computeIfAbsent(one, each -> each));
    }
    return placed;
  }

  /** Labels are composed (NFC), and what cannot be one is none. */
  private static Placed checked(Placed placed) {
    if (placed.label() == null) {
      return placed;
    }
    String label = LabelName.composed(placed.label());
    boolean blank =
        label.codePoints().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
    String problem = blank ? "is blank" : LabelName.problem(label);
    if (problem != null) {
      String verb = problem.startsWith("has ") || blank ? "" : "has ";
      return Placed.without("without a label (their label " + verb + problem + ")", placed.part());
    }
    return label.equals(placed.label()) ? placed : new Placed(label, placed.part(), null);
  }

  private static List<Ignored> unlabelled(List<PicturePath> pictures, List<Placed> placed) {
    Map<String, List<String>> examples = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (int i = 0; i < placed.size(); i++) {
      String problem = placed.get(i).problem();
      if (problem != null) {
        counts.merge(problem, 1, Integer::sum);
        List<String> first = examples.computeIfAbsent(problem, key -> new ArrayList<>());
        if (first.size() < MAX_EXAMPLES) {
          first.add(pictures.get(i).toString());
        }
      }
    }
    List<Ignored> ignored = new ArrayList<>();
    examples.forEach(
        (why, first) -> ignored.add(new Ignored(why, counts.getOrDefault(why, 0), first)));
    return ignored;
  }

  private static List<FoundPart> parts(
      List<PicturePath> pictures, FolderLabels folders, List<Placed> placed) {
    Map<Part, int[]> counts = new TreeMap<>();
    Map<Part, TreeSet<String>> where = new TreeMap<>();
    for (int i = 0; i < placed.size(); i++) {
      Part part = placed.get(i).part();
      if (part != null) {
        counts.computeIfAbsent(part, key -> new int[2])[placed.get(i).label() == null ? 1 : 0]++;
        TreeSet<String> found = where.computeIfAbsent(part, key -> new TreeSet<>());
        String folder = folders.where(pictures.get(i)).folder();
        if (folder != null && found.size() < MAX_FIRST) {
          found.add(folder);
        }
      }
    }
    List<FoundPart> parts = new ArrayList<>();
    counts.forEach(
        (part, count) ->
            parts.add(
                new FoundPart(
                    part,
                    List.copyOf(where.getOrDefault(part, new TreeSet<>())),
                    count[0],
                    count[1])));
    return parts;
  }

  private static FoundLabels labels(LabelRule rule, List<Placed> placed) {
    TreeSet<String> labels = new TreeSet<>();
    placed.stream().map(Placed::label).filter(label -> label != null).forEach(labels::add);
    return new FoundLabels(
        rule.from(),
        rule.pattern(),
        rule.csv(),
        rule.file(),
        rule.label(),
        rule.part(),
        labels.size(),
        labels.stream().limit(MAX_FIRST).toList());
  }

  /** A hint for pictures that have no labels: which word to add to the request; null for none. */
  public static @Nullable String hint(Files files, LabelRule rule) {
    return LayoutHints.of(files, rule);
  }
}
