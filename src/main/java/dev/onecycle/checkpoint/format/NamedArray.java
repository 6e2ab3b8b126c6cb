package dev.onecycle.checkpoint.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One array of a file.
 *
 * @param data its numbers, row-major, little-endian, from position 0 to the limit; not copied
 */
public record NamedArray(ArrayHeader header, ByteBuffer data) {

  public NamedArray {
    data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (data.limit() != header.bytes()) {
      throw new IllegalArgumentException(
          header.name() + ": " + data.limit() + " bytes, its shape needs " + header.bytes());
    }
  }

  /**
   * Returns a copy of the numbers as floats.
   *
   * @throws IllegalStateException if they are whole numbers
   */
  public float[] floats() {
    float[] numbers = new float[header.size()];
    if (header.type() == ElementType.F32) {
      data.asFloatBuffer().get(0, numbers);
      return numbers;
    }
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = header.type().toFloat(data, i);
    }
    return numbers;
  }

  /**
   * Returns a copy of the numbers as longs.
   *
   * @throws IllegalStateException unless they are whole numbers
   */
  public long[] longs() {
    long[] numbers = new long[header.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = header.type().toLong(data, i);
    }
    return numbers;
  }
}
