package dev.onecycle.checkpoint.format;

import dev.onecycle.platform.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file, read token by token: {@code {"__metadata__": {text: text},
 * name: {"dtype": ..., "shape": [...], "data_offsets": [begin, end]}, ...}}. Anything else is
 * refused, duplicate keys too.
 */
final class SafetensorsHeader {

  static final String METADATA = "__metadata__";
  static final int MAX_BYTES = 8 << 20;
  static final int MAX_ARRAYS = 4096;
  static final int MAX_NAME = 256;
  private static final int MAX_DIMENSIONS = 8;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(3)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(20)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  /** An array and the place of its bytes, relative to the end of the header. */
  record Placed(ArrayHeader array, long begin, long end) {}

  private final JsonParser json;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<Placed> arrays = new ArrayList<>();

  private SafetensorsHeader(JsonParser json) {
    this.json = json;
  }

  /**
   * Parses a header.
   *
   * @throws Failure.Invalid saying what is wrong
   */
  static SafetensorsHeader parse(String text) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      SafetensorsHeader header = new SafetensorsHeader(json);
      header.read();
      return header;
    } catch (JacksonException e) {
      throw invalid("the header is not the JSON it should be: " + e.getOriginalMessage());
    }
  }

  Map<String, String> metadata() {
    return metadata;
  }

  List<Placed> arrays() {
    return arrays;
  }

  private void read() {
    expect(JsonToken.START_OBJECT, "the header");
    for (String name; (name = json.nextName()) != null; ) {
      if (name.equals(METADATA)) {
        readMetadata();
      } else {
        arrays.add(readArray(name));
      }
      if (arrays.size() > MAX_ARRAYS) {
        throw invalid("more than " + MAX_ARRAYS + " arrays");
      }
    }
    if (json.nextToken() != null) {
      throw invalid("there is text after the header's closing brace");
    }
  }

  private void readMetadata() {
    expect(JsonToken.START_OBJECT, METADATA);
    for (String key; (key = json.nextName()) != null; ) {
      expect(JsonToken.VALUE_STRING, METADATA + " '" + key + "'");
      metadata.put(key, json.getString());
    }
  }

  private Placed readArray(String name) {
    expect(JsonToken.START_OBJECT, name);
    ElementType type = null;
    List<Integer> shape = null;
    List<Long> offsets = null;
    for (String field; (field = json.nextName()) != null; ) {
      switch (field) {
        case "dtype" -> type = readType(name);
        case "shape" -> shape = readNumbers(name, MAX_DIMENSIONS).stream().map(this::dim).toList();
        case "data_offsets" -> offsets = readNumbers(name, 2);
        default -> throw invalid(name + " has a field '" + field + "' that is not of this format");
      }
    }
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw invalid(name + " needs dtype, shape and data_offsets [begin, end]");
    }
    return placed(name, type, shape, offsets.get(0), offsets.get(1));
  }

  private static Placed placed(
      String name, ElementType type, List<Integer> shape, long begin, long end) {
    ArrayHeader array;
    try {
      array = new ArrayHeader(name, type, shape);
    } catch (ArithmeticException e) {
      throw invalid(name + " of shape " + shape + " has more than 2^31 - 1 bytes");
    }
    if (begin > end || end - begin != array.bytes()) {
      throw invalid(
          "%s: %s of shape %s takes %d bytes, data_offsets are [%d, %d]"
              .formatted(name, type, shape, array.bytes(), begin, end));
    }
    return new Placed(array, begin, end);
  }

  private ElementType readType(String name) {
    expect(JsonToken.VALUE_STRING, name + " dtype");
    try {
      return ElementType.valueOf(json.getString());
    } catch (IllegalArgumentException e) {
      throw invalid(
          "%s has dtype '%s', known are %s"
              .formatted(name, json.getString(), List.of(ElementType.values())));
    }
  }

  /** Returns a list of whole numbers from 0 to 2^63 - 1. */
  private List<Long> readNumbers(String name, int most) {
    expect(JsonToken.START_ARRAY, name);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
        throw invalid(name + ": '" + json.getString() + "' is not a whole number");
      }
      long number = json.getLongValue();
      if (number < 0) {
        throw invalid(name + ": " + number + " < 0");
      }
      if (numbers.size() == most) {
        throw invalid(name + ": a list of more than " + most + " numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private int dim(long size) {
    if (size > Integer.MAX_VALUE) {
      throw invalid("a dimension of " + size + " > 2^31 - 1");
    }
    return (int) size;
  }

  private void expect(JsonToken expected, String what) {
    JsonToken found = json.nextToken();
    if (found != expected) {
      throw invalid("%s: %s instead of %s".formatted(what, found, expected));
    }
  }

  static Failure.Invalid invalid(String message) {
    return new Failure.Invalid(
        "not a valid safetensors file: " + message,
        "Write it with safetensors' save_file, or download it from this service.");
  }
}
