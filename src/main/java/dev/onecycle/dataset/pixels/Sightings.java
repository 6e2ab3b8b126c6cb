package dev.onecycle.dataset.pixels;

import dev.onecycle.layout.LabelRule;
import dev.onecycle.layout.Layout;
import dev.onecycle.layout.PicturePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an import meets that is no picture: files that are ignored, tables, things to tell. */
public final class Sightings {

  static final String UNREADABLE = "pictures that cannot be read";
  private static final String OTHERS = "no pictures by their names";
  private static final String HIDDEN = "hidden or a system's own";

  /** Why files are ignored whatever the rule for labels is. */
  static final Set<String> MET = Set.of(UNREADABLE, OTHERS, HIDDEN);

  /** The most bytes of a dataset's tables together. */
  public static final long MOST_TABLE_BYTES = 64 << 20;

  private static final int MAX_EXAMPLES = 5;
  private static final int MOST_NOTES = 50;

  /** What a table takes beside its bytes, at most: its name is kept, too. */
  private static final int BYTES_A_TABLE = 2_000;

  private final LabelRule rule;
  private final Counted hidden = new Counted();
  private final Counted others = new Counted();
  private final Map<String, byte[]> tables = new HashMap<>();
  private final List<String> notes = new ArrayList<>();
  private long tableBytes;

  /** Starts, where {@code rule} may name a table. */
  public Sightings(LabelRule rule) {
    this.rule = rule;
  }

  private static final class Counted {
    private final List<String> first = new ArrayList<>();
    private int files;

    private void add(PicturePath path) {
      files++;
      if (first.size() < MAX_EXAMPLES) {
        first.add(path.toString());
      }
    }

    private void tell(String why, List<Layout.Ignored> to) {
      if (files > 0) {
        to.add(new Layout.Ignored(why, files, List.copyOf(first)));
      }
    }
  }

  LabelRule rule() {
    return rule;
  }

  /** Notes a file that is no picture by its name, or that a system left. */
  public void ignore(PicturePath path) {
    (path.hidden() ? hidden : others).add(path);
  }

  /** Notes something that is to be told, a sentence. */
  public void note(String warning) {
    if (notes.size() < MOST_NOTES) {
      notes.add(warning);
    }
  }

  /** What was noted. */
  List<String> notes() {
    return notes;
  }

  /** Whether a file is a table that may be needed for labels, now or later. */
  public boolean wantsTable(PicturePath path) {
    boolean named = rule.csv() != null && ("/" + path).endsWith("/" + rule.csv());
    return (path.isTable() || named) && !path.hidden() && path.problem() == null;
  }

  /**
   * Keeps a table, as long as there is memory for it; the later of two with the same path. Answers
   * whether it was kept.
   */
  public boolean addTable(PicturePath path, byte[] bytes) {
    if (tableBytes + bytes.length > MOST_TABLE_BYTES) {
      note("the table " + path + " is not kept: tables have more than 64 MB together");
      return false;
    }
    tableBytes += bytes.length + BYTES_A_TABLE;
    tables.put(path.toString(), bytes);
    return true;
  }

  /** The tables by their paths. */
  Map<String, byte[]> tables() {
    return tables;
  }

  /** How many files are no pictures by their names. */
  int otherFiles() {
    return others.files;
  }

  /** The layout with this in it. */
  Layout told(Layout layout, List<Layout.Ignored> besides) {
    List<Layout.Ignored> ignored = new ArrayList<>(layout.ignored());
    ignored.addAll(besides);
    others.tell(OTHERS, ignored);
    hidden.tell(HIDDEN, ignored);
    List<String> warnings = new ArrayList<>(notes);
    warnings.addAll(layout.warnings());
    return new Layout(layout.parts(), layout.labels(), layout.groups(), ignored, warnings);
  }
}
