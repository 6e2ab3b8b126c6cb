package dev.onecycle.image;

/** Numbers as bfloat16: the upper half of a float32, rounded as PyTorch rounds. */
final class Bfloat16 {

  private Bfloat16() {}

  /** The nearest bfloat16, the even one of two; {@code value} is a number. */
  static float nearest(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }

  /** The bits of a float32 that is a bfloat16. */
  static short bits(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }
}
