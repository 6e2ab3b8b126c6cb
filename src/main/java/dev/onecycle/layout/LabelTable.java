package dev.onecycle.layout;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.platform.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A table of a line for each picture: comma, semicolon or tab between its cells, quoted or not (RFC
 * 4180); UTF-8 with or without a mark, UTF-16 with one, else Latin-1.
 *
 * @param columns their names; their numbers from 0 where the first line is a picture's
 * @param rows the cells of each line, at most as many as there are columns
 */
record LabelTable(List<String> columns, Iterable<List<String>> rows) {

  private static final List<String> FILES =
      List.of(
          "file",
          "filename",
          "file_name",
          "filepath",
          "file_path",
          "path",
          "fname",
          "name",
          "image",
          "image_id",
          "imageid",
          "image_name",
          "image_path",
          "img",
          "picture",
          "id");
  private static final List<String> LABELS =
      List.of(
          "label",
          "labels",
          "class",
          "classes",
          "class_name",
          "category",
          "target",
          "breed",
          "species",
          "tag",
          "tags",
          "diagnosis",
          "level",
          "y");

  /**
   * Reads one.
   *
   * @param picture whether a cell is a picture's name: then the table has no line of names
   * @throws Failure.Invalid for what is no table
   */
  static LabelTable read(byte[] bytes, Predicate<String> picture) {
    String text = text(bytes);
    TableRows all = new TableRows(text, separator(text));
    int width = 0;
    for (List<String> row : all) {
      width = Math.max(width, row.size());
    }
    if (width == 0) {
      throw new Failure.Invalid("the table of labels is empty");
    }
    List<String> first = all.iterator().next();
    if (first.stream().anyMatch(picture)) {
      return new LabelTable(IntStream.range(0, width).mapToObj(Integer::toString).toList(), all);
    }
    Iterable<List<String>> others =
        () -> {
          Iterator<List<String>> rows = all.iterator();
          rows.next();
          return rows;
        };
    return new LabelTable(first.stream().map(String::strip).toList(), others);
  }

  /** A cell; empty where the row is too short to have it. */
  static String cell(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }

  private static String text(byte[] bytes) {
    if (bytes.length > 1 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
      return new String(bytes, 2, bytes.length - 2, UTF_16LE);
    }
    if (bytes.length > 1 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF) {
      return new String(bytes, 2, bytes.length - 2, UTF_16BE);
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return new String(bytes, ISO_8859_1);
    }
  }

  /** The one that its first line has most of, a tab where there is any. */
  private static char separator(String text) {
    String line = text.lines().findFirst().orElse("");
    char best = ',';
    long most = 0;
    for (char candidate : new char[] {'\t', ',', ';'}) {
      long count = line.chars().filter(c -> c == candidate).count();
      if (count > most) {
        best = candidate;
        most = count;
      }
    }
    return best;
  }

  /**
   * The number of the column that was asked for.
   *
   * @param field of the rule, for the failure
   * @throws Failure.Invalid if there is none of that name
   */
  int column(String field, String name) {
    int exact = columns.indexOf(name.strip());
    int column = exact >= 0 ? exact : find(List.of(name.strip()));
    if (column < 0 && name.matches("[0-9]{1,3}") && Integer.parseInt(name) < columns.size()) {
      column = Integer.parseInt(name);
    }
    if (column < 0) {
      throw Failure.Invalid.field(
          "labels." + field,
          "the table has no column '" + name + "', only " + String.join(", ", columns),
          name,
          columns);
    }
    return column;
  }

  /** The column of names: one that is called so, else the first. */
  int fileColumn() {
    return Math.max(0, find(FILES));
  }

  /** The column of labels: one that is called so, else the first that is not {@code file}. */
  int labelColumn(int file) {
    int found = find(LABELS);
    if (found >= 0 && found != file) {
      return found;
    }
    if (columns.size() < 2) {
      throw Failure.Invalid.field(
          "labels.label", "the table has one column, " + columns.get(0), null, columns);
    }
    return file == 0 ? 1 : 0;
  }

  private int find(List<String> names) {
    for (String name : names) {
      for (int i = 0; i < columns.size(); i++) {
        if (columns.get(i).equalsIgnoreCase(name)) {
          return i;
        }
      }
    }
    return -1;
  }
}
