package dev.onecycle.checkpoint.export;

import dev.onecycle.platform.ProtobufMessage;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * A graph of ONNX while it grows, with the numbers that {@code onnx.proto} gives to fields. A value
 * has the name of the node that makes it.
 */
final class Graph {

  /** Kinds of elements, as ONNX numbers them. */
  enum Element {
    FLOAT(1),
    UINT8(2),
    INT64(7),
    STRING(8);

    private final int code;

    Element(int code) {
      this.code = code;
    }

    /** Returns its number. */
    int code() {
      return code;
    }
  }

  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_STRING = 3;
  private static final int ATTRIBUTE_INTS = 7;

  private final ProtobufMessage nodes = new ProtobufMessage();
  private final ProtobufMessage constants = new ProtobufMessage();
  private final ProtobufMessage inputs = new ProtobufMessage();
  private final ProtobufMessage outputs = new ProtobufMessage();

  /** Adds a node and returns the name of what it makes, which is its own. */
  String node(String name, String operator, List<String> from, ProtobufMessage... attributes) {
    ProtobufMessage node = new ProtobufMessage();
    from.forEach(input -> node.text(1, input));
    node.text(2, name).text(3, name).text(4, operator);
    for (ProtobufMessage attribute : attributes) {
      node.message(5, attribute);
    }
    nodes.message(1, node);
    return name;
  }

  /** Adds an array of floats, asked for when it is written, and returns its name. */
  String floats(String name, List<Integer> shape, Supplier<float[]> values) {
    int count = shape.stream().reduce(1, Math::multiplyExact);
    ProtobufMessage tensor = tensor(name, Element.FLOAT, shape.stream().mapToLong(n -> n));
    constants.message(5, tensor.floats(9, count, values));
    return name;
  }

  /** Adds a list of whole numbers and returns its name. */
  String longs(String name, long... values) {
    ProtobufMessage tensor = tensor(name, Element.INT64, LongStream.of(values.length));
    constants.message(5, tensor.longs(9, values));
    return name;
  }

  /** Adds a list of texts and returns its name. */
  String texts(String name, List<String> values) {
    ProtobufMessage tensor = tensor(name, Element.STRING, LongStream.of(values.size()));
    values.forEach(value -> tensor.text(6, value));
    constants.message(5, tensor);
    return name;
  }

  private static ProtobufMessage tensor(String name, Element type, LongStream shape) {
    ProtobufMessage tensor = new ProtobufMessage();
    shape.forEach(n -> tensor.number(1, n));
    return tensor.number(2, type.code()).text(8, name);
  }

  /** Declares a value that is given; its shape is of numbers, and of words for what is open. */
  String input(String name, Element type, List<Object> shape) {
    inputs.message(11, value(name, type, shape));
    return name;
  }

  /** Declares a value that is answered. */
  void output(String name, Element type, List<Object> shape) {
    outputs.message(12, value(name, type, shape));
  }

  private static ProtobufMessage value(String name, Element type, List<Object> shape) {
    ProtobufMessage dimensions = new ProtobufMessage();
    for (Object each : shape) {
      ProtobufMessage dimension = new ProtobufMessage();
      if (each instanceof Number number) {
        dimension.number(1, number.longValue());
      } else {
        dimension.text(2, each.toString());
      }
      dimensions.message(1, dimension);
    }
    ProtobufMessage tensor = new ProtobufMessage().number(1, type.code()).message(2, dimensions);
    return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
  }

  static ProtobufMessage real(String name, float value) {
    return new ProtobufMessage().text(1, name).real(2, value).number(20, ATTRIBUTE_FLOAT);
  }

  static ProtobufMessage number(String name, long value) {
    return new ProtobufMessage().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  static ProtobufMessage word(String name, String value) {
    return new ProtobufMessage().text(1, name).text(4, value).number(20, ATTRIBUTE_STRING);
  }

  static ProtobufMessage numbers(String name, long... values) {
    ProtobufMessage attribute = new ProtobufMessage().text(1, name);
    for (long value : values) {
      attribute.number(8, value);
    }
    return attribute.number(20, ATTRIBUTE_INTS);
  }

  /** Returns the whole. */
  ProtobufMessage message(String name) {
    ProtobufMessage all = new ProtobufMessage();
    nodes.addTo(all);
    all.text(2, name);
    constants.addTo(all);
    inputs.addTo(all);
    outputs.addTo(all);
    return all;
  }
}
