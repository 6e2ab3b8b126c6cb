package dev.onecycle.layout;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Labels out of names, by a regular expression that cannot take long. */
final class PatternLabels {

  /** How many characters may be looked at for one name; backtracking looks at each many times. */
  private static final int MOST_LOOKS = 100_000;

  private final Pattern pattern;
  private final boolean wholePath;
  private final boolean named;

  PatternLabels(String pattern) {
    this.pattern = LabelRule.compiled(pattern);
    wholePath = pattern.indexOf('/') >= 0;
    named = this.pattern.pattern().contains("(?<label>");
  }

  /** Its label; null where the expression does not match, or would look for too long. */
  @Nullable String label(PicturePath picture) {
    String text = wholePath ? "/" + picture : picture.file();
    try {
      Matcher matcher = pattern.matcher(new Bounded(text, new int[] {MOST_LOOKS}));
      if (!matcher.find()) {
        return null;
      }
      return named ? matcher.group("label") : matcher.group(1);
    } catch (Exhausted | StackOverflowError e) {
      return null;
    }
  }

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Exhausted() {
      super(null, null, false, false);
    }
  }

  /** A text that lets itself be looked at so often. */
  private record Bounded(String text, int[] left) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw new Exhausted();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return text.substring(from, to);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
