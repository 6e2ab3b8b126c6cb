package dev.onecycle.layout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the files of a dataset were understood, told before anything is trained on it.
 *
 * @param parts that were found, none where pictures lie in no part
 * @param labels where they come from
 * @param groups that the split keeps together; null where it knows none
 * @param ignored what is no picture to learn from, by why
 * @param warnings what looks wrong, each a sentence
 */
public record Layout(
    List<FoundPart> parts,
    FoundLabels labels,
    @Nullable FoundGroups groups,
    List<Ignored> ignored,
    List<String> warnings) {

  private static final int MOST_WARNINGS = 50;
  private static final int LONGEST_WARNING = 1_000;
  private static final int LONGEST_EXAMPLE = 300;

  /** Keeps the first 50 warnings, each of at most 1,000 characters. */
  public Layout {
    parts = List.copyOf(parts);
    ignored = ignored.stream().limit(MOST_WARNINGS).toList();
    warnings =
        warnings.stream().limit(MOST_WARNINGS).map(text -> cut(text, LONGEST_WARNING)).toList();
  }

  /** That of files of which no picture was understood. */
  public static Layout nothing(LabelRule rule) {
    FoundLabels none =
        new FoundLabels(
            rule.from(),
            rule.pattern(),
            rule.csv(),
            rule.file(),
            rule.label(),
            rule.part(),
            0,
            List.of());
    return new Layout(List.of(), none, null, List.of(), List.of());
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }

  /**
   * A part.
   *
   * @param folders the first ten of those that it was found in; none where a table says it
   * @param pictures with a label
   * @param unlabelled pictures that are left out
   */
  public record FoundPart(Part part, List<String> folders, int pictures, int unlabelled) {

    /** Cuts folders to 300 characters. */
    public FoundPart {
      folders = folders.stream().map(text -> cut(text, LONGEST_EXAMPLE)).toList();
    }
  }

  /**
   * Labels, and the rule that gave them; see {@link LabelRule}.
   *
   * @param file the column that was read, of a table; also where the rule left it open
   * @param label likewise
   * @param part likewise
   * @param count how many there are
   * @param first the first ten
   */
  public record FoundLabels(
      LabelRule.From from,
      @Nullable String pattern,
      @Nullable String csv,
      @Nullable String file,
      @Nullable String label,
      @Nullable String part,
      int count,
      List<String> first) {}

  /**
   * Groups of pictures that belong together; see {@link GroupRule}.
   *
   * @param count how many there are
   * @param unnamed how many of them are a picture whose name tells no group
   * @param first names of the first ten
   */
  public record FoundGroups(int count, int unnamed, List<String> first) {

    /** Cuts names to 300 characters. */
    public FoundGroups {
      first = first.stream().map(text -> cut(text, LONGEST_EXAMPLE)).toList();
    }
  }

  /**
   * Files that are left out for one reason.
   *
   * @param why the reason
   * @param examples the first five
   */
  public record Ignored(String why, int files, List<String> examples) {

    /** Cuts examples to 300 characters. */
    public Ignored {
      examples = examples.stream().map(text -> cut(text, LONGEST_EXAMPLE)).toList();
    }
  }
}
