package dev.onecycle.checkpoint.format;

import java.nio.ByteBuffer;

/**
 * The form in which the numbers of an array are stored; the constants' names are the format's own.
 */
public enum ElementType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  I64(8),
  I32(4),
  I16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes of one element. */
  public int bytes() {
    return bytes;
  }

  boolean floating() {
    return this == F64 || this == F32 || this == F16 || this == BF16;
  }

  /**
   * Returns element {@code index} of little-endian {@code data}, rounded to float where it is
   * wider.
   */
  float toFloat(ByteBuffer data, int index) {
    int at = index * bytes;
    return switch (this) {
      case F64 -> (float) data.getDouble(at);
      case F32 -> data.getFloat(at);
      case F16 -> fromHalf(data.getShort(at));
      case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
      default -> throw new IllegalStateException(this + " is not floating. This is a bug.");
    };
  }

  /** Returns element {@code index} of little-endian {@code data}; BOOL is 0 or 1. */
  long toLong(ByteBuffer data, int index) {
    int at = index * bytes;
    return switch (this) {
      case I64 -> data.getLong(at);
      case I32 -> data.getInt(at);
      case I16 -> data.getShort(at);
      case I8 -> data.get(at);
      case U8 -> data.get(at) & 0xFF;
      case BOOL -> data.get(at) == 0 ? 0 : 1;
      default -> throw new IllegalStateException(this + " is not whole. This is a bug.");
    };
  }

  /** Reads IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. Exact in a float. */
  private static float fromHalf(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      float subnormal = fraction * 0x1p-24f;
      return sign == 0 ? subnormal : -subnormal;
    }
    int rebiased = exponent == 0x1F ? 0xFF : exponent + 127 - 15;
    return Float.intBitsToFloat(sign | rebiased << 23 | fraction << 13);
  }
}
