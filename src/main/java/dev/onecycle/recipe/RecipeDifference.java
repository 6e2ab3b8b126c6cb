package dev.onecycle.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A place in which several recipes differ.
 *
 * @param path as overrides take it, such as {@code phases[0].epochs}
 * @param values one per recipe, in the order of the recipes; null where it has none there
 */
public record RecipeDifference(String path, List<@Nullable Object> values) {

  public RecipeDifference {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /**
   * Returns every place in which the recipes differ, in the order of their fields. Where some have
   * an object or a list and others have none, that is one difference, whatever is inside.
   *
   * @param recipes trees as {@link RecipeReader#tree} makes them
   */
  public static List<RecipeDifference> of(List<? extends Map<String, ?>> recipes) {
    List<RecipeDifference> found = new ArrayList<>();
    compare("", recipes, found);
    return found;
  }

  private static void compare(String path, List<?> values, List<RecipeDifference> found) {
    if (values.stream().allMatch(Map.class::isInstance)) {
      names(values)
          .forEach(
              name -> compare(path.isEmpty() ? name : path + "." + name, at(name, values), found));
    } else if (values.stream().allMatch(List.class::isInstance)) {
      int longest = values.stream().mapToInt(list -> ((List<?>) list).size()).max().orElse(0);
      for (int i = 0; i < longest; i++) {
        compare(path + "[" + i + "]", at(i, values), found);
      }
    } else if (values.stream().map(RecipeDifference::comparable).distinct().count() > 1) {
      found.add(new RecipeDifference(path, new ArrayList<>(values)));
    }
  }

  private static Set<String> names(List<?> maps) {
    Set<String> names = new LinkedHashSet<>();
    maps.forEach(map -> ((Map<?, ?>) map).keySet().forEach(name -> names.add((String) name)));
    return names;
  }

  private static List<?> at(String name, List<?> maps) {
    List<Object> values = new ArrayList<>();
    maps.forEach(map -> values.add(((Map<?, ?>) map).get(name)));
    return values;
  }

  private static List<?> at(int index, List<?> lists) {
    List<Object> values = new ArrayList<>();
    for (Object each : lists) {
      List<?> list = (List<?>) each;
      values.add(index < list.size() ? list.get(index) : null);
    }
    return values;
  }

  /** Makes 3 and 3.0 the same number, however a parser read them. */
  private static Object comparable(Object value) {
    return value instanceof Number number
        ? number.doubleValue()
        : Objects.requireNonNullElse(value, Void.TYPE);
  }
}
