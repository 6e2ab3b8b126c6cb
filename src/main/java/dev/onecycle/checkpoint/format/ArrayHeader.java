package dev.onecycle.checkpoint.format;

import java.util.List;

/**
 * The name, type and shape of one of a file's arrays.
 *
 * @param name unique in its file
 * @param shape every dimension at least 0; empty for a scalar
 */
public record ArrayHeader(String name, ElementType type, List<Integer> shape) {

  /**
   * Checks the size.
   *
   * @throws ArithmeticException if the array has more than 2^31 - 1 bytes
   */
  public ArrayHeader {
    shape = List.copyOf(shape);
    bytes(type, shape);
  }

  private static int bytes(ElementType type, List<Integer> shape) {
    return shape.stream().reduce(type.bytes(), Math::multiplyExact);
  }

  /** Returns how many bytes its numbers take. */
  public int bytes() {
    return bytes(type, shape);
  }

  /** Returns how many numbers it has. */
  public int size() {
    return bytes() / type.bytes();
  }
}
