package dev.onecycle.layout;

import dev.onecycle.platform.LabelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which pictures belong together. A picture whose name does not say is a group of its own. */
public final class Groups {

  private static final int MAX_FIRST = 10;
  private static final int MAX_EXAMPLES = 5;

  private final int[] numbers;
  private int count;
  private int unnamed;
  private final List<String> first = new ArrayList<>();
  private final List<String> examples = new ArrayList<>();

  /**
   * Groups pictures by their names, which are compared in one form of Unicode (NFC).
   *
   * @param paths of the pictures
   */
  public Groups(List<String> paths, GroupRule rule) {
    numbers = new int[paths.size()];
    NamePattern pattern = rule.names();
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < numbers.length; i++) {
      String found = pattern.find(paths.get(i));
      if (found == null || found.isBlank()) {
        numbers[i] = count++;
        unnamed++;
        if (examples.size() < MAX_EXAMPLES) {
          examples.add(paths.get(i));
        }
      } else {
        String name = LabelName.composed(found);
        Integer before = known.putIfAbsent(name, count);
        numbers[i] = before == null ? count++ : before;
        if (before == null && first.size() < MAX_FIRST) {
          first.add(name);
        }
      }
    }
  }

  /** The group of each picture, numbered from 0 as they are met; not to be changed. */
  public int[] numbers() {
    return numbers;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** What is to be told of them. */
  public Layout.FoundGroups found() {
    return new Layout.FoundGroups(count, unnamed, first);
  }

  /** A layout with this told in it. */
  public Layout told(Layout layout) {
    List<String> warnings = new ArrayList<>(layout.warnings());
    if (unnamed > 0) {
      warnings.add(
          "%d %s not matched by the pattern of groups, and %s: %s"
              .formatted(
                  unnamed,
                  unnamed == 1 ? "picture is" : "pictures are",
                  unnamed == 1 ? "is a group of its own" : "each is a group of its own",
                  String.join(", ", examples) + (unnamed > MAX_EXAMPLES ? ", ..." : "")));
    }
    return new Layout(layout.parts(), layout.labels(), found(), layout.ignored(), warnings);
  }
}
