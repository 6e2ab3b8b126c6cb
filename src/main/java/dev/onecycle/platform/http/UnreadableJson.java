package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Says what is wrong with a JSON body in the words of the caller, not of the parser. */
final class UnreadableJson {

  private UnreadableJson() {}

  /** The numbers of a limit's message: what was met, and what is allowed. */
  private static final Pattern LIMIT = Pattern.compile("\\((\\d+)\\)[^(]*\\((\\d+)");

  private static final Pattern NUMBER = Pattern.compile("\\(([-+.\\deE]+)\\)");

  static Problem problem(HttpMessageNotReadableException unreadable) {
    return problem(unreadable, "the body");
  }

  /**
   * What is wrong.
   *
   * @param what cannot be read, as in "the body"
   */
  static Problem problem(Throwable unreadable, String what) {
    // A record that refuses its values lies below the parser's own exception.
    for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
      if (cause instanceof Failure failure) {
        return Problem.of(failure);
      }
    }
    for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
      if (cause instanceof StreamConstraintsException limit) {
        return Problem.of(
            HttpStatus.CONTENT_TOO_LARGE,
            what + " " + beyond(limit.getOriginalMessage()),
            "Send a smaller or flatter JSON document.");
      }
      if (cause instanceof UnrecognizedPropertyException unknown) {
        return invalid(path(unknown), unknownField(unknown));
      }
      if (cause instanceof MismatchedInputException mismatch) {
        return invalid(path(mismatch), "must be " + wanted(mismatch.getTargetType()));
      }
      if (cause instanceof InputCoercionException number) {
        Matcher digits = NUMBER.matcher(number.getOriginalMessage());
        String value = digits.find() ? digits.group(1) : null;
        return invalid(path(number), StrictWords.problem(number.getTargetType(), value));
      }
      if (cause instanceof JacksonException syntax) {
        return Problem.of(HttpStatus.BAD_REQUEST, what + " is not JSON" + place(syntax), null);
      }
    }
    return Problem.of(
        HttpStatus.BAD_REQUEST,
        what + " is missing or cannot be read",
        "Send a JSON object with Content-Type: application/json.");
  }

  private static String beyond(String message) {
    Matcher numbers = LIMIT.matcher(message);
    String much = numbers.find() ? numbers.group(1) + " > maximum " + numbers.group(2) : "";
    if (message.startsWith("Document length")) {
      return "has " + much + " characters";
    }
    if (message.contains("nesting depth")) {
      return "is nested deeper than allowed: " + much;
    }
    return "has a name, text or number that is longer than allowed: " + much;
  }

  private static Problem invalid(String field, String message) {
    return Problem.of(Failure.Invalid.field(field, message, null, null));
  }

  private static String unknownField(UnrecognizedPropertyException unknown) {
    List<String> known =
        unknown.getKnownPropertyIds().stream().map(String::valueOf).sorted().toList();
    return known.isEmpty()
        ? "unknown field"
        : Nearest.unknown("field", unknown.getPropertyName(), known);
  }

  private static String wanted(@Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type.isEnum()) {
      return "one of the known words";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(type) || (type.isPrimitive() && type != boolean.class)) {
      return "a number";
    }
    if (type == String.class) {
      return "a text, and all of it characters";
    }
    if (type == UUID.class) {
      return "an id, as in 0190c2d1-7b6e-7cc3-a5a1-0242ac120002";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (Iterable.class.isAssignableFrom(type) || type.isArray()) {
      return "a list";
    }
    return type.isRecord() ? "an object" : "of type " + type.getSimpleName();
  }

  /** The field as in {@code phases[0].epochs}; {@code body} where the whole document is meant. */
  private static String path(JacksonException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String place(JacksonException syntax) {
    return syntax.getLocation() == null
        ? ""
        : " at line "
            + syntax.getLocation().getLineNr()
            + ", column "
            + syntax.getLocation().getColumnNr();
  }
}
