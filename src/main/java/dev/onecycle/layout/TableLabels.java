package dev.onecycle.layout;

import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Labels out of a table that names pictures. */
final class TableLabels {

  private final List<PicturePath> pictures;
  private final LabelRule rule;
  private final String path;
  private final LabelTable table;
  private final PictureNames names;
  private final int file;
  private final int label;
  private final int part;
  private final Listed rowless = new Listed();
  private final Listed unclear = new Listed();
  private final Listed oddParts = new Listed();

  /**
   * Reads the table that {@code rule} names.
   *
   * @param tables the bytes of every table by its path
   * @throws Failure.Invalid if there is none, or not the columns
   */
  TableLabels(List<PicturePath> pictures, LabelRule rule, Map<String, byte[]> tables) {
    this.pictures = pictures;
    this.rule = rule;
    path = found(String.valueOf(rule.csv()), tables);
    names = new PictureNames(pictures);
    byte[] bytes = tables.get(path);
    table = LabelTable.read(bytes == null ? new byte[0] : bytes, this::isPicture);
    file = rule.file() == null ? table.fileColumn() : table.column("file", rule.file());
    label = rule.label() == null ? table.labelColumn(file) : table.column("label", rule.label());
    part = rule.part() == null ? -1 : table.column("part", rule.part());
  }

  private boolean isPicture(String cell) {
    return !names.meant(cell, "").isEmpty();
  }

  private static String found(String csv, Map<String, byte[]> tables) {
    if (tables.containsKey(csv)) {
      return csv;
    }
    List<String> like =
        tables.keySet().stream().filter(path -> ("/" + path).endsWith("/" + csv)).toList();
    if (like.size() == 1) {
      return like.get(0);
    }
    String there =
        tables.isEmpty()
            ? "there is none among the files"
            : "there are " + String.join(", ", new TreeMap<>(tables).keySet());
    throw Failure.Invalid.field(
        "labels.csv",
        like.isEmpty() ? "no table is called so: " + there : "several are called so: " + there,
        csv,
        null);
  }

  /** Examples of something that is counted. */
  private static final class Listed {
    private int count;
    private final List<String> first = new ArrayList<>();

    private void add(String example) {
      count++;
      if (first.size() < 5) {
        first.add("'" + example + "'");
      }
    }

    private void tell(List<String> warnings, String one, String many) {
      if (count > 0) {
        String text = count == 1 ? "1 " + one : count + " " + many;
        warnings.add(text + ": " + String.join(", ", first) + (count > 5 ? ", ..." : ""));
      }
    }
  }

  /**
   * What each picture is.
   *
   * @param parts by the pictures' folders, where the table has no column of parts
   * @param warnings told which rows have no picture
   */
  List<Placed> placed(FolderLabels parts, List<String> warnings) {
    String missing = "without a row in " + path;
    String twice = "with several labels in " + path;
    String blank = "with an empty label in " + path;
    @Nullable Placed[] placed = new Placed[pictures.size()];
    Map<Placed, Placed> same = new HashMap<>();
    for (List<String> row : table.rows()) {
      int i = picture(row, parts);
      if (i < 0) {
        continue;
      }
      String text = LabelTable.cell(row, label).strip();
      Placed before = placed[i];
      Placed now =
          text.isEmpty()
              ? Placed.without(blank, part(row, i, parts))
              : new Placed(text, part(row, i, parts), null);
      Placed one = before == null || before.equals(now) ? now : Placed.without(twice, null);
      placed[i] = same.computeIfAbsent(one, each -> each);
    }
    String name = path.substring(path.lastIndexOf('/') + 1);
    rowless.tell(
        warnings, "row of " + name + " has no picture", "rows of " + name + " have no picture");
    unclear.tell(
        warnings,
        "row of " + name + " means several pictures",
        "rows of " + name + " mean several pictures");
    oddParts.tell(
        warnings,
        "row of " + name + " names no known part",
        "rows of " + name + " name no known part");
    List<Placed> all = new ArrayList<>();
    for (int i = 0; i < placed.length; i++) {
      Placed one = placed[i];
      all.add(one == null ? Placed.without(missing, parts.where(pictures.get(i)).part()) : one);
    }
    return all;
  }

  /** The number of a row's picture, or -1. */
  private int picture(List<String> row, FolderLabels parts) {
    String cell = LabelTable.cell(row, file);
    int slash = path.lastIndexOf('/');
    List<Integer> meant = names.meant(cell, slash < 0 ? "" : path.substring(0, slash));
    if (meant.size() > 1 && meant.size() <= PictureNames.MOST_ALIKE) {
      Part here = part < 0 ? named(path) : said(LabelTable.cell(row, part)).orElse(null);
      List<Integer> fitting =
          meant.stream().filter(i -> parts.where(pictures.get(i)).part() == here).toList();
      meant = here != null && fitting.size() == 1 ? fitting : meant;
    }
    if (meant.size() != 1) {
      (meant.isEmpty() ? rowless : unclear).add(cell);
      return -1;
    }
    return meant.get(0);
  }

  /** The part that a table is about: {@code train.csv}, {@code trainLabels.csv}. */
  private static @Nullable Part named(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String words =
        name.replaceFirst("\\.[^.]*$", "")
            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
            .toLowerCase(Locale.ROOT)
            .replaceAll("labels?|solution|csv|tsv", "");
    return Part.named(words).orElse(null);
  }

  private @Nullable Part part(List<String> row, int picture, FolderLabels parts) {
    if (part < 0) {
      return parts.where(pictures.get(picture)).part();
    }
    String cell = LabelTable.cell(row, part);
    Optional<Part> said = said(cell);
    if (said.isEmpty()) {
      oddParts.add(cell);
    }
    return said.orElse(null);
  }

  /** A part's name, or whether a picture validates. */
  private static Optional<Part> said(String cell) {
    return switch (cell.strip().toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes" -> Optional.of(Part.VALID);
      case "false", "0", "no" -> Optional.of(Part.TRAIN);
      default -> Part.named(cell);
    };
  }

  /** The rule with the columns that were taken. */
  LabelRule resolved() {
    return new LabelRule(
        rule.from(),
        null,
        path,
        table.columns().get(file),
        table.columns().get(label),
        part < 0 ? null : table.columns().get(part));
  }

  /** The names of a table's columns, for a hint; empty for what is no table. */
  static List<String> columns(byte[] bytes) {
    try {
      return LabelTable.read(Arrays.copyOf(bytes, Math.min(bytes.length, 4_096)), cell -> false)
          .columns();
    } catch (Failure e) {
      return List.of();
    }
  }
}
