package dev.onecycle.platform.http;

import java.beans.PropertyEditorSupport;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/**
 * Reads numbers, truth values and ids of paths, queries and headers as JSON would: one way to write
 * each, and what is not written so is refused. Spring's own converters know {@code 0x10}, {@code
 * yes} and {@code 1-1-1-1-1}, and come into play again where one of ours refuses; an editor's word
 * is the last.
 */
@ControllerAdvice
class StrictWords {

  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9]\\d{0,18})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,3})?");
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final int LONGEST_NUMBER = 64;

  @InitBinder
  void register(WebDataBinder binder) {
    binder.registerCustomEditor(int.class, new Editor(StrictWords::integer));
    binder.registerCustomEditor(Integer.class, new Editor(StrictWords::integer));
    binder.registerCustomEditor(long.class, new Editor(StrictWords::whole));
    binder.registerCustomEditor(Long.class, new Editor(StrictWords::whole));
    binder.registerCustomEditor(double.class, new Editor(StrictWords::number));
    binder.registerCustomEditor(Double.class, new Editor(StrictWords::number));
    binder.registerCustomEditor(boolean.class, new Editor(StrictWords::truth));
    binder.registerCustomEditor(Boolean.class, new Editor(StrictWords::truth));
    binder.registerCustomEditor(
        UUID.class, new Editor(text -> UUID.fromString(matching(ID, text))));
  }

  private static final class Editor extends PropertyEditorSupport {

    private final Function<String, Object> reader;

    Editor(Function<String, Object> reader) {
      this.reader = reader;
    }

    @Override
    public void setAsText(String text) {
      setValue(reader.apply(text));
    }
  }

  private static Integer integer(String text) {
    long number = whole(text);
    if (number != (int) number) {
      throw new IllegalArgumentException("beyond an int");
    }
    return (int) number;
  }

  private static Long whole(String text) {
    return Long.valueOf(matching(WHOLE, text));
  }

  private static Double number(String text) {
    return Double.valueOf(matching(NUMBER, text));
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  private static String matching(Pattern pattern, String text) {
    if (text.length() > LONGEST_NUMBER || !pattern.matcher(text).matches()) {
      throw new IllegalArgumentException("not written as it should be");
    }
    return text;
  }

  /**
   * What is wrong with a word that could not be read as {@code type}, for who wrote it: a whole
   * number that is too large is named with its limit.
   */
  static String problem(@Nullable Class<?> type, @Nullable Object value) {
    if (type == null) {
      return "is of another kind";
    }
    boolean whole = type == int.class || type == Integer.class;
    if (whole || type == long.class || type == Long.class) {
      long most = whole ? Integer.MAX_VALUE : Long.MAX_VALUE;
      if (value instanceof String text && text.matches("-?\\d{1,40}")) {
        return text.startsWith("-")
            ? value + " < minimum " + (-most - 1)
            : value + " > maximum " + most;
      }
      return "must be a whole number";
    }
    if (type == double.class || type == Double.class) {
      return "must be a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (type == UUID.class) {
      return "must be an id, as in 0190c2d1-7b6e-7cc3-a5a1-0242ac120002";
    }
    return type.isEnum() ? "must be one of the known words" : "is of another kind";
  }
}
