package dev.onecycle.recipe;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Nearest;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A strict reader of records from trees of maps, lists, strings, numbers, booleans and nulls: what
 * any JSON parser gives. It notes everything that is wrong with its path, and goes on.
 */
final class RecordReader {

  /** After so many it is not a slip any more, and looking further would only cost time. */
  private static final int MOST_ERRORS = 100;

  private final BiFunction<Class<?>, Map<?, ?>, Record> defaults;
  private final List<FieldError> errors = new ArrayList<>();

  /**
   * Makes a reader.
   *
   * @param defaults the record that gives absent fields their values, for a type and the fields
   *     that were given
   */
  RecordReader(BiFunction<Class<?>, Map<?, ?>, Record> defaults) {
    this.defaults = defaults;
  }

  /**
   * Reads the record in {@code tree}.
   *
   * @throws Failure.Invalid naming every wrong field
   */
  <T extends Record> T read(Class<T> type, Object tree) {
    Object record = value(type, tree, "");
    Settings.refuse(errors);
    return type.cast(Objects.requireNonNull(record)); // else there were errors
  }

  private @Nullable Object record(Class<?> type, Map<?, ?> given, String path) {
    int before = errors.size();
    RecordComponent[] components = type.getRecordComponents();
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (Object key : given.keySet()) {
      String name = String.valueOf(key);
      if (!known.contains(name)) {
        String nearest = Nearest.to(name, known);
        wrong(join(path, name), Nearest.unknown("field", name, known), null, join(path, nearest));
      }
    }
    Record absent = defaults.apply(type, given);
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      RecordComponent component = components[i];
      values[i] =
          given.containsKey(component.getName())
              ? component(component, given.get(component.getName()), path)
              : RecordTree.get(component, absent);
    }
    return errors.size() == before ? construct(type, values, path) : null;
  }

  private @Nullable Object component(
      RecordComponent component, @Nullable Object given, String path) {
    String field = join(path, component.getName());
    if (given instanceof List<?> entries && entries.size() > most(component)) {
      // Looking at each of them would only cost time.
      errors.addAll(Settings.errors(component, field, entries));
      return null;
    }
    int before = errors.size();
    Object value = given == null ? null : value(component.getGenericType(), given, field);
    if (errors.size() == before) {
      errors.addAll(Settings.errors(component, field, value));
    }
    return value;
  }

  private static int most(RecordComponent list) {
    Setting setting = list.getAnnotation(Setting.class);
    return setting == null ? Integer.MAX_VALUE : setting.maxItems();
  }

  private @Nullable Object value(Type type, Object given, String path) {
    if (type instanceof ParameterizedType list) {
      return given instanceof List<?> entries
          ? list(list.getActualTypeArguments()[0], entries, path)
          : wrong(path, "must be a list", given, "list");
    }
    Class<?> kind = (Class<?>) type;
    if (kind.isRecord()) {
      return given instanceof Map<?, ?> fields
          ? record(kind, fields, path)
          : wrong(path, "must be an object", given, "object");
    }
    if (kind.isEnum()) {
      return word(kind, given, path);
    }
    if (kind == String.class) {
      return given instanceof String ? given : wrong(path, "must be a string", given, "string");
    }
    if (kind == boolean.class) {
      return given instanceof Boolean ? given : wrong(path, "must be true or false", given, null);
    }
    if (kind == double.class || kind == Double.class) {
      return given instanceof Number number
          ? (Object) number.doubleValue()
          : wrong(path, "must be a number", given, "number");
    }
    return whole(kind, given, path);
  }

  private List<Object> list(Type type, List<?> entries, String path) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      values.add(value(type, entries.get(i), path + "[" + i + "]"));
    }
    return values;
  }

  private @Nullable Object whole(Class<?> kind, Object given, String path) {
    boolean isInt = kind == int.class;
    if (!(given instanceof Integer || given instanceof Long || given instanceof BigInteger)) {
      return wrong(path, "must be a whole number", given, "integer");
    }
    BigInteger number = new BigInteger(given.toString());
    if (number.bitLength() > (isInt ? 31 : 63)) {
      return wrong(path, "does not fit in " + (isInt ? 32 : 64) + " bits", given, null);
    }
    return isInt ? (Object) number.intValue() : (Object) number.longValue();
  }

  private @Nullable Object word(Class<?> kind, Object given, String path) {
    List<String> words = RecordTree.words(kind);
    int index = words.indexOf(given);
    if (index >= 0) {
      return kind.getEnumConstants()[index];
    }
    return given instanceof String text
        ? wrong(path, Nearest.unknown("value", text, words), given, words)
        : wrong(path, "must be a string", given, words);
  }

  private @Nullable Object wrong(
      String path, String message, @Nullable Object value, @Nullable Object limit) {
    errors.add(new FieldError(path.isEmpty() ? "recipe" : path, message, value, limit));
    if (errors.size() == MOST_ERRORS) {
      throw Failure.Invalid.fields(errors);
    }
    return null;
  }

  private @Nullable Object construct(Class<?> type, @Nullable Object[] values, String path) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Failure.Invalid invalid) {
        for (FieldError error : invalid.errors()) {
          errors.add(
              new FieldError(
                  join(path, error.field()), error.message(), error.value(), error.limit()));
        }
        return null;
      }
      throw new IllegalStateException("cannot make " + type + ". This is a bug.", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + type + ". This is a bug.", e);
    }
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
