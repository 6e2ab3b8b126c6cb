package dev.onecycle.layout;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which word to add to a request whose pictures got no labels. */
final class LayoutHints {

  private static final Pattern NUMBERED = Pattern.compile("^(.*[^0-9_. -])[_. -]*[0-9]+\\.[^.]+$");

  private LayoutHints() {}

  static @Nullable String of(Arrangement.Files files, LabelRule rule) {
    if (rule.from() != LabelRule.From.CSV) {
      for (Map.Entry<String, byte[]> table : new TreeMap<>(files.tables()).entrySet()) {
        List<String> columns = TableLabels.columns(table.getValue());
        if (columns.size() > 1) {
          return "Add labels: {\"csv\": \"%s\"}, a table with the columns %s."
              .formatted(
                  table.getKey(),
                  String.join(", ", columns.subList(0, Math.min(8, columns.size()))));
        }
      }
    }
    if (rule.from() != LabelRule.From.PATTERN) {
      TreeSet<String> labels = new TreeSet<>();
      int matched = 0;
      for (PicturePath picture : files.pictures()) {
        Matcher name = NUMBERED.matcher(picture.file());
        if (name.matches()) {
          matched++;
          labels.add(name.group(1));
        }
      }
      if (labels.size() > 1
          && 2 * labels.size() <= matched
          && 10 * matched >= 9 * files.pictures().size()) {
        return "If names begin with labels, as '%s' does, add labels: {\"pattern\": \"^(?<label>.*[^0-9_. -])[_. -]*[0-9]+\\\\.[^.]+$\"}."
            .formatted(files.pictures().get(0).file());
      }
    }
    return null;
  }
}
