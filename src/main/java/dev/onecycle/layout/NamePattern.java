package dev.onecycle.layout;

import dev.onecycle.platform.Failure;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Takes a piece out of pictures' names, by a regular expression that cannot take long. For one
 * thread.
 */
final class NamePattern {

  private static final int MAX_TEXT = 500;

  /** How many characters may be looked at for one name; backtracking looks at each many times. */
  private static final int MOST_LOOKS = 100_000;

  /** So many each name may have, however many names there are. */
  private static final int FREE_LOOKS = 1_000;

  private final Pattern pattern;
  private final boolean wholePath;
  private final boolean named;
  private final String group;

  /** Looks beyond the free ones that all names may have together. */
  private long pot = 100_000_000;

  private NamePattern(Pattern pattern, boolean wholePath, String group) {
    this.pattern = pattern;
    this.wholePath = wholePath;
    this.group = group;
    named = pattern.pattern().contains("(?<" + group + ">");
  }

  /**
   * Reads an expression. Python's way to name groups, {@code (?P<label>...)}, is understood.
   *
   * @param group that is the piece, else the first one
   * @param field of the request, for what is wrong with it
   * @param fix what to send
   * @throws Failure.Invalid if it is too long, is none, or has no group
   */
  static NamePattern of(String expression, String group, String field, String fix) {
    if (expression.length() > MAX_TEXT) {
      throw wrong(
          field,
          expression.length() + " characters > maximum " + MAX_TEXT,
          expression.length(),
          fix);
    }
    Pattern compiled;
    try {
      compiled = Pattern.compile(expression.replace("(?P<", "(?<"));
    } catch (PatternSyntaxException | StackOverflowError e) {
      String why = e instanceof PatternSyntaxException p ? p.getDescription() : "it is too deep";
      throw wrong(field, "is no regular expression: " + why, expression, fix);
    }
    if (compiled.matcher("").groupCount() == 0) {
      throw wrong(field, "has no group, as (?<" + group + ">...)", expression, fix);
    }
    return new NamePattern(compiled, expression.indexOf('/') >= 0, group);
  }

  private static Failure.Invalid wrong(String field, String message, Object value, String fix) {
    return new Failure.Invalid(
        field + " " + message, fix, List.of(new Failure.FieldError(field, message, value, null)));
  }

  /**
   * The piece of a picture's name; null where the expression does not match, or would look for too
   * long.
   *
   * @param path of the picture; searched whole and with a slash before it if the expression has a
   *     slash, else its last segment
   */
  @Nullable String find(String path) {
    String text = wholePath ? "/" + path : path.substring(path.lastIndexOf('/') + 1);
    Bounded bounded = new Bounded(text, (int) Math.min(MOST_LOOKS, FREE_LOOKS + pot));
    try {
      Matcher matcher = pattern.matcher(bounded);
      if (!matcher.find()) {
        return null;
      }
      return named ? matcher.group(group) : matcher.group(1);
    } catch (Exhausted | StackOverflowError e) {
      return null;
    } finally {
      pot -= Math.max(0, bounded.looks - FREE_LOOKS);
    }
  }

  private static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Exhausted() {
      super(null, null, false, false);
    }
  }

  /** A text that lets itself be looked at so often. */
  private static final class Bounded implements CharSequence {
    private final String text;
    private final int most;
    private int looks;

    private Bounded(String text, int most) {
      this.text = text;
      this.most = most;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (looks == most) {
        throw new Exhausted();
      }
      looks++;
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
