package dev.onecycle.platform;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * The rule for names of labels, wherever they come from: folders, archives or manifests. What keeps
 * it can be shown, stored and predicted.
 */
public final class LabelName {

  /** The most labels of a dataset or of weights. */
  public static final int MOST = 10_000;

  /** The most characters of a name. */
  public static final int LONGEST = 200;

  private LabelName() {}

  /** Returns what is wrong with a name, as in "has control characters"; null for nothing. */
  public static @Nullable String problem(@Nullable String name) {
    if (name == null || name.isBlank()) {
      return "must not be empty";
    }
    if (name.length() > LONGEST) {
      return name.length() + " characters > maximum " + LONGEST;
    }
    return harmless(name) ? null : "has control characters";
  }

  /** Returns a name in the one form (NFC) in which names that look the same are the same. */
  public static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Returns whether every character of a text is one that can be shown without doing anything. */
  public static boolean harmless(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      if (!harmless(text.codePointAt(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a character can be shown without doing anything: no control, line or direction
   * character, no half of a surrogate pair, nothing that Unicode does not know.
   */
  public static boolean harmless(int character) {
    if (character >= ' ' && character < 0x7F) {
      return true;
    }
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      case Character.FORMAT -> character == 0x200C || character == 0x200D;
      default -> true;
    };
  }
}
