package dev.onecycle.platform;

import dev.onecycle.platform.Failure.FieldError;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The check of a record's values against its {@link Setting}s. */
public final class Settings {

  private Settings() {}

  /**
   * Checks all values of a record in its constructor, in the order of its components.
   *
   * @throws Failure.Invalid naming every value that its setting does not allow
   */
  public static void check(Class<? extends Record> type, @Nullable Object... values) {
    RecordComponent[] components = type.getRecordComponents();
    if (components.length != values.length) {
      throw new IllegalStateException(
          values.length + " values for the " + components.length + " components of " + type);
    }
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      errors.addAll(errors(components[i], components[i].getName(), values[i]));
    }
    refuse(errors);
  }

  /**
   * Refuses a request that has errors.
   *
   * @throws Failure.Invalid if there are any
   */
  public static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw Failure.Invalid.fields(errors);
    }
  }

  /** Returns what is wrong with one value; {@code field} is how the errors call it. */
  public static List<FieldError> errors(
      RecordComponent component, String field, @Nullable Object value) {
    Setting setting = component.getAnnotation(Setting.class);
    if (value == null) {
      boolean allowed = setting != null && setting.orNull();
      return allowed ? List.of() : List.of(new FieldError(field, "must not be null", null, null));
    }
    if (setting == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return listErrors(setting, field, list);
    }
    if (value instanceof Number number) {
      return numberErrors(setting, field, number);
    }
    List<String> words = Arrays.asList(setting.oneOf());
    if (words.isEmpty() || words.contains(value.toString())) {
      return List.of();
    }
    String message = Nearest.unknown("value", value.toString(), words);
    return List.of(new FieldError(field, message, value, words));
  }

  private static List<FieldError> listErrors(Setting setting, String field, List<?> list) {
    List<FieldError> errors = new ArrayList<>();
    if (list.size() < setting.minItems()) {
      errors.add(outside(field, list.size(), "entries < minimum", setting.minItems()));
    }
    if (list.size() > setting.maxItems()) {
      errors.add(outside(field, list.size(), "entries > maximum", setting.maxItems()));
      return errors;
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Number number) {
        errors.addAll(numberErrors(setting, field + "[" + i + "]", number));
      }
    }
    return errors;
  }

  private static List<FieldError> numberErrors(Setting setting, String field, Number number) {
    double value = number.doubleValue();
    if (Double.isNaN(value)) {
      return List.of(new FieldError(field, "is not a number", "NaN", null));
    }
    if (value < setting.min()) {
      return List.of(outside(field, number, "< minimum", plain(setting.min())));
    }
    if (value > setting.max()) {
      return List.of(outside(field, number, "> maximum", plain(setting.max())));
    }
    return List.of();
  }

  private static FieldError outside(String field, Number value, String how, Number limit) {
    return new FieldError(field, value + " " + how + " " + limit, value, limit);
  }

  /** Returns a limit as people write it: without decimals where it has none. */
  public static Number plain(double limit) {
    if (limit == Math.rint(limit) && Math.abs(limit) < 1e15) {
      return (long) limit;
    }
    return limit;
  }
}
