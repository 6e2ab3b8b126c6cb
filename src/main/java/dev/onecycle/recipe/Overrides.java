package dev.onecycle.recipe;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values that a request sets in a recipe's tree by path, such as {@code phases[0].epochs}. */
final class Overrides {

  private static final Pattern STEP = Pattern.compile("(\\w{1,64})(?:\\[(\\d{1,4})])?");

  private Overrides() {}

  /**
   * Sets one value. Objects on the way that are absent or null are made; whether fields of that
   * name exist is for the reader to say.
   *
   * @throws Failure.Invalid if the path is not one, or leads through something that is no object,
   *     or to an entry that the list does not have
   */
  static void set(Map<String, Object> tree, String path, Object value) {
    String[] steps = path.split("\\.", -1);
    Map<String, Object> at = tree;
    for (int i = 0; i < steps.length; i++) {
      Matcher step = STEP.matcher(steps[i]);
      if (!step.matches()) {
        throw refused(path, "is not a path like phases[0].epochs", null);
      }
      boolean last = i == steps.length - 1;
      String name = step.group(1);
      if (step.group(2) != null) {
        int index = Integer.parseInt(step.group(2));
        List<Object> list = list(at.get(name), path, index);
        if (last) {
          list.set(index, value);
        } else {
          at = object(list.get(index), path, steps[i]);
        }
      } else if (last) {
        at.put(name, value);
      } else {
        Object next = at.get(name) == null ? new LinkedHashMap<String, Object>() : at.get(name);
        at.put(name, next);
        at = object(next, path, name);
      }
    }
  }

  @SuppressWarnings("unchecked") // trees are made of such maps and lists only
  private static Map<String, Object> object(Object value, String path, String step) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw refused(path, "leads through " + step + ", which is not an object", null);
  }

  @SuppressWarnings("unchecked") // trees are made of such maps and lists only
  private static List<Object> list(@Nullable Object value, String path, int index) {
    int entries = value instanceof List<?> list ? list.size() : 0;
    if (value == null || index >= entries) {
      throw refused(path, "entry " + index + " > last entry " + (entries - 1), entries - 1);
    }
    return (List<Object>) value;
  }

  private static Failure.Invalid refused(String path, String message, @Nullable Object limit) {
    String shown = path.substring(0, Math.min(path.length(), 200));
    return Settings.invalid(
        List.of(new FieldError("overrides", "'" + shown + "' " + message, shown, limit)));
  }
}
