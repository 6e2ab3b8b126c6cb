package dev.onecycle.recipe;

import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recipe as a JSON Schema (2020-12), made from the records and their settings. */
public final class RecipeSchema {

  private RecipeSchema() {}

  /** Returns every field with its type, meaning, limits and default. */
  public static Map<String, Object> schema() {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Recipe");
    schema.putAll(object(Recipe.class));
    return schema;
  }

  private static Map<String, Object> object(Class<?> type) {
    Record defaults = RecipeReader.defaults(type, Map.of());
    Map<String, Object> properties = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Object absent = RecordTree.tree(RecordTree.get(component, defaults));
      properties.put(component.getName(), property(component, absent));
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "object");
    object.put("additionalProperties", false);
    object.put("properties", properties);
    return object;
  }

  private static Map<String, Object> property(RecordComponent component, Object absent) {
    Setting setting = component.getAnnotation(Setting.class);
    Map<String, Object> property = type(component.getGenericType(), setting);
    if (setting != null) {
      property.put("description", setting.value());
      if (setting.orNull()) {
        property.put("type", List.of(property.get("type"), "null"));
      }
    }
    property.put("default", absent);
    return property;
  }

  private static Map<String, Object> type(Type type, Setting setting) {
    if (type instanceof ParameterizedType list) {
      Map<String, Object> array = new LinkedHashMap<>();
      array.put("type", "array");
      array.put("minItems", setting.minItems());
      array.put("maxItems", setting.maxItems());
      array.put("items", type(list.getActualTypeArguments()[0], setting));
      return array;
    }
    Class<?> kind = (Class<?>) type;
    if (kind.isRecord()) {
      return object(kind);
    }
    if (kind.isEnum()) {
      return words(RecordTree.words(kind));
    }
    if (kind == String.class) {
      return words(List.of(setting.oneOf()));
    }
    return kind == boolean.class ? bool() : number(kind, setting);
  }

  private static Map<String, Object> words(List<String> words) {
    Map<String, Object> string = new LinkedHashMap<>();
    string.put("type", "string");
    if (!words.isEmpty()) {
      string.put("enum", words);
    }
    return string;
  }

  private static Map<String, Object> bool() {
    Map<String, Object> bool = new LinkedHashMap<>();
    bool.put("type", "boolean");
    return bool;
  }

  private static Map<String, Object> number(Class<?> kind, Setting setting) {
    boolean whole = kind == int.class || kind == long.class;
    Map<String, Object> number = new LinkedHashMap<>();
    number.put("type", whole ? "integer" : "number");
    if (setting != null && setting.min() > Double.NEGATIVE_INFINITY) {
      number.put("minimum", Settings.plain(setting.min()));
    }
    if (setting != null && setting.max() < Double.POSITIVE_INFINITY) {
      number.put("maximum", Settings.plain(setting.max()));
    }
    return number;
  }
}
