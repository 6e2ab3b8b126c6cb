package dev.onecycle.platform;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The known word that somebody most likely meant. */
public final class Nearest {

  private Nearest() {}

  /**
   * Returns a sentence such as {@code unknown field 'epoch': did you mean 'epochs'?}
   *
   * @param known at least one
   */
  public static String unknown(String what, String given, Collection<String> known) {
    return "unknown " + what + " '" + cut(given) + "': did you mean '" + to(given, known) + "'?";
  }

  /** Returns the entry of {@code known} (at least one) with the fewest edits to {@code given}. */
  public static String to(String given, Collection<String> known) {
    String lower = cut(given).toLowerCase(Locale.ROOT);
    return known.stream()
        .min(Comparator.comparingInt(word -> edits(lower, word.toLowerCase(Locale.ROOT))))
        .orElseThrow();
  }

  /** Cuts a word of any length to what is worth echoing. */
  private static String cut(String given) {
    return given.substring(0, Math.min(given.length(), 64));
  }

  /** Returns Levenshtein's distance: insertions, deletions and replacements of one letter. */
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
