package dev.onecycle.layout;

import dev.onecycle.platform.LabelName;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What makes an arrangement look wrong. */
final class LayoutDoubts {

  private static final int MAX_NAMED = 5;

  private final Arrangement.Files files;
  private final FolderLabels folders;
  private final LabelRule rule;
  private final List<Placed> placed;
  private final Map<String, Integer> counts = new TreeMap<>();

  LayoutDoubts(Arrangement.Files files, FolderLabels folders, LabelRule rule, List<Placed> placed) {
    this.files = files;
    this.folders = folders;
    this.rule = rule;
    this.placed = placed;
    for (Placed one : placed) {
      if (one.label() != null) {
        counts.merge(one.label(), 1, Integer::sum);
      }
    }
  }

  void tell(List<String> warnings) {
    if (rule.from() == LabelRule.From.PARENT_FOLDER) {
      tellDeeper(warnings);
      tellParts(warnings);
    }
    tellSingles(warnings);
    tellAlike(warnings);
    tellLost(warnings);
  }

  /** Classes that lie below other folders: hardly the ones that were meant. */
  private void tellDeeper(List<String> warnings) {
    Map<String, Set<String>> above = new TreeMap<>();
    Set<String> upper = new TreeSet<>();
    for (int i = 0; i < placed.size(); i++) {
      String label = placed.get(i).label();
      List<String> below = folders.where(files.pictures().get(i)).below();
      if (label != null && below.size() > 1) {
        String over = below.get(below.size() - 2);
        above.computeIfAbsent(label, key -> new TreeSet<>()).add(over);
        upper.add(over);
      }
    }
    if (upper.size() < 2 || above.size() < counts.size()) {
      tellMixed(above.keySet(), warnings);
      return;
    }
    boolean numbers = above.keySet().stream().allMatch(LayoutDoubts::isNumber);
    boolean years = above.keySet().stream().allMatch(name -> name.matches("(19|20)[0-9]{2}"));
    boolean shared = above.values().stream().anyMatch(over -> over.size() > 1);
    if (numbers || shared) {
      warnings.add(
          "the classes %s look like %s below %s: if the upper folders are the classes, add labels: \"first-folder\""
              .formatted(
                  named(above.keySet()),
                  years ? "years" : numbers ? "numbers" : "the same folders",
                  named(upper)));
    }
  }

  private void tellMixed(Set<String> deeper, List<String> warnings) {
    if (!deeper.isEmpty() && deeper.size() < counts.size()) {
      warnings.add(
          "pictures lie at different depths: the classes %s lie below other folders, others do not; if the topmost folders are the classes, add labels: \"first-folder\""
              .formatted(named(deeper)));
    }
  }

  private static boolean isNumber(String name) {
    return name.matches("[0-9][0-9._-]*");
  }

  /** Names of parts that were taken for classes. */
  private void tellParts(List<String> warnings) {
    Map<Part, String> parts = new TreeMap<>();
    counts.keySet().forEach(l -> Part.named(l).ifPresent(part -> parts.putIfAbsent(part, l)));
    if (parts.size() > 1) {
      warnings.add(
          "the folders %s were taken for classes: parts of a dataset stand side by side, with nothing beside them"
              .formatted(named(parts.values())));
    }
  }

  private void tellSingles(List<String> warnings) {
    long single = counts.values().stream().filter(count -> count == 1).count();
    if (counts.size() > 2 && 2 * single > counts.size()) {
      warnings.add(
          "%d of %d labels have a single picture: is the rule for labels the right one?"
              .formatted(single, counts.size()));
    }
  }

  /** Labels that look the same, or nearly. */
  private void tellAlike(List<String> warnings) {
    Map<String, List<String>> alike = new TreeMap<>();
    counts.keySet().forEach(l -> alike.computeIfAbsent(folded(l), k -> new ArrayList<>()).add(l));
    alike.values().stream()
        .filter(same -> same.size() > 1)
        .limit(MAX_NAMED)
        .forEach(
            same ->
                warnings.add(
                    "the labels %s differ in capitals, spaces or invisible characters alone"
                        .formatted(named(same))));
  }

  private static String folded(String label) {
    return Normalizer.normalize(label, Normalizer.Form.NFKC)
        .replaceAll("[\\p{Cf}\\x{FE00}-\\x{FE0F}]", "")
        .replaceAll("[\\p{Z}\\s]+", " ")
        .strip()
        .toUpperCase(Locale.ROOT)
        .toLowerCase(Locale.ROOT);
  }

  /** Classes of which no picture could be read. */
  private void tellLost(List<String> warnings) {
    if (!rule.byFolders()) {
      return;
    }
    Map<String, Integer> lost = new TreeMap<>();
    for (PicturePath path : files.unreadable()) {
      int last = path.segments().size() - 2;
      if (last >= 0 && Part.named(path.segments().get(last)).isEmpty()) {
        lost.merge(LabelName.composed(path.segments().get(last)), 1, Integer::sum);
      }
    }
    Set<String> folderNames = new TreeSet<>();
    collect(folders.top(), folderNames);
    lost.keySet().removeIf(folderNames::contains);
    lost.forEach(
        (label, count) ->
            warnings.add(
                "the class '%s' is lost: %s could be read; the audit says why"
                    .formatted(
                        label,
                        count == 1
                            ? "its picture is none that"
                            : "none of its " + count + " pictures")));
  }

  private static void collect(Folder folder, Set<String> names) {
    names.add(LabelName.composed(folder.name));
    folder.children().forEach(child -> collect(child, names));
  }

  private static String named(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    String first =
        all.stream().limit(MAX_NAMED).map(n -> "'" + n + "'").collect(Collectors.joining(", "));
    return all.size() > MAX_NAMED ? first + ", ..." : first;
  }
}
