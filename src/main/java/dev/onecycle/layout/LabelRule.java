package dev.onecycle.layout;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the labels of pictures are read from.
 *
 * @param from the kind of place
 * @param pattern a regular expression of which the group {@code label}, or the first one, is the
 *     label; searched in the file's name, or in its whole path with a slash before it if the
 *     expression has a slash; null unless {@code from} is a pattern
 * @param csv the path or name of a table with a line for each picture; null unless {@code from} is
 *     a table
 * @param file the table's column of names; null: found by its name, else the first
 * @param label the table's column of labels; null: found by its name, else the second
 * @param part the table's column of parts, or of whether a picture validates; null for none
 */
public record LabelRule(
    From from,
    @Nullable String pattern,
    @Nullable String csv,
    @Nullable String file,
    @Nullable String label,
    @Nullable String part) {

  /** The kinds of places. */
  public enum From {
    /** The folder that a picture lies in, as fastai's {@code parent_label}. */
    @JsonProperty("parent-folder")
    PARENT_FOLDER,
    /** The topmost folder below the part. */
    @JsonProperty("first-folder")
    FIRST_FOLDER,
    /** The picture's name. */
    @JsonProperty("pattern")
    PATTERN,
    /** A table. */
    @JsonProperty("csv")
    CSV
  }

  private static final int MAX_TEXT = 500;
  private static final String FIX =
      "Send labels: parent-folder, first-folder, {\"pattern\": \"^(?<label>.+)_\\\\d+\\\\.jpg$\"}"
          + " or {\"csv\": \"labels.csv\", \"file\": \"image_id\", \"label\": \"breed\"}.";
  private static final List<String> FIELDS =
      List.of("from", "pattern", "csv", "file", "label", "part");
  private static final List<String> WORDS =
      List.of("parent-folder", "first-folder", "pattern", "csv");

  /** The folder that each picture lies in. */
  public static LabelRule byDefault() {
    return new LabelRule(From.PARENT_FOLDER, null, null, null, null, null);
  }

  /** A table of this name, its columns found by their names. */
  public static LabelRule table(String csv) {
    return new LabelRule(From.CSV, null, csv, null, null, null);
  }

  public LabelRule {
    if ((from == From.PATTERN) != (pattern != null)) {
      throw wrong("pattern", pattern == null ? "is missing" : "belongs to pattern", pattern);
    }
    if ((from == From.CSV) != (csv != null)) {
      throw wrong("csv", csv == null ? "is missing" : "belongs to csv", csv);
    }
    if (pattern != null) {
      names(pattern);
    }
  }

  /**
   * Reads one as JSON has it: {@code "first-folder"}, {@code {"pattern": ...}}, {@code {"csv":
   * ...}}, or any of these below {@code from}.
   *
   * @throws Failure.Invalid naming what is wrong with it
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static LabelRule of(Object json) {
    Map<String, String> fields = new LinkedHashMap<>();
    collect(json, fields);
    String from = fields.remove("from");
    if (from == null) {
      boolean one = fields.containsKey("pattern") != fields.containsKey("csv");
      if (!one) {
        throw wrong("from", "must be one of " + String.join(", ", WORDS), null);
      }
      from = fields.containsKey("pattern") ? "pattern" : "csv";
    }
    int kind = WORDS.indexOf(from);
    if (kind < 0) {
      throw wrong("from", Nearest.unknown("word", from, WORDS), from);
    }
    for (String column : List.of("file", "label", "part")) {
      if (fields.containsKey(column) && !fields.containsKey("csv")) {
        throw wrong(column, "belongs to csv", fields.get(column));
      }
    }
    return new LabelRule(
        From.values()[kind],
        fields.get("pattern"),
        fields.get("csv"),
        fields.get("file"),
        fields.get("label"),
        fields.get("part"));
  }

  private static void collect(Object json, Map<String, String> fields) {
    if (json instanceof String word) {
      fields.put("from", word.strip());
    } else if (json instanceof Map<?, ?> object) {
      for (Map.Entry<?, ?> field : object.entrySet()) {
        String name = String.valueOf(field.getKey());
        if (!FIELDS.contains(name)) {
          throw wrong(name, Nearest.unknown("field", name, FIELDS), name);
        }
        Object value = field.getValue();
        if (name.equals("from") && value instanceof Map<?, ?> inner && !inner.containsKey("from")) {
          collect(inner, fields);
        } else if (value instanceof String || value instanceof Integer) {
          fields.put(name, bounded(name, value.toString()));
        } else if (value != null) {
          throw wrong(name, "must be a text", null);
        }
      }
    } else {
      throw wrong("from", "must be one of " + String.join(", ", WORDS), null);
    }
  }

  private static String bounded(String field, String text) {
    if (text.length() > MAX_TEXT) {
      throw wrong(field, text.length() + " characters > maximum " + MAX_TEXT, null);
    }
    return text;
  }

  /** Whether folders are labels, so that a picture without one has none. */
  boolean byFolders() {
    return from == From.PARENT_FOLDER || from == From.FIRST_FOLDER;
  }

  /** The expression of a rule by pattern. */
  NamePattern names() {
    return names(String.valueOf(pattern));
  }

  private static NamePattern names(String pattern) {
    return NamePattern.of(pattern, "label", "labels.pattern", FIX);
  }

  private static Failure.Invalid wrong(String field, String message, @Nullable Object value) {
    List<Failure.FieldError> errors = new ArrayList<>();
    errors.add(new Failure.FieldError("labels." + field, message, value, null));
    return new Failure.Invalid("labels." + field + " " + message, FIX, errors);
  }
}
