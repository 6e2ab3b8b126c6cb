package dev.onecycle.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The trees that records are written as and {@link RecordReader} reads back. */
final class RecordTree {

  private RecordTree() {}

  /** Returns how the constants of an enum are written, in their order. */
  static List<String> words(Class<?> kind) {
    return Arrays.stream(kind.getEnumConstants())
        .map(constant -> word((Enum<?>) constant))
        .toList();
  }

  private static String word(Enum<?> constant) {
    try {
      return constant
          .getDeclaringClass()
          .getField(constant.name())
          .getAnnotation(JsonProperty.class)
          .value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(constant + " has no word. This is a bug.", e);
    }
  }

  static Object get(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component + ". This is a bug.", e);
    }
  }

  /**
   * Returns the tree that reads back as {@code value}; its maps and lists are new and may be
   * changed.
   */
  static Object tree(Object value) {
    if (value instanceof Record record) {
      Map<String, Object> fields = new LinkedHashMap<>();
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        fields.put(component.getName(), tree(get(component, record)));
      }
      return fields;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> fields = new LinkedHashMap<>();
      map.forEach((name, field) -> fields.put(String.valueOf(name), tree(field)));
      return fields;
    }
    if (value instanceof List<?> list) {
      List<Object> entries = new ArrayList<>();
      list.forEach(entry -> entries.add(tree(entry)));
      return entries;
    }
    return value instanceof Enum<?> constant ? word(constant) : value;
  }
}
