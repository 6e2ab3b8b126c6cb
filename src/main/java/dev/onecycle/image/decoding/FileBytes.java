package dev.onecycle.image.decoding;

import dev.onecycle.platform.Failure;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bounds-checked reading of a picture file. A read past the end is the file's fault, not ours:
 * {@link Failure.Invalid}, "truncated".
 *
 * @param what the file's kind, for messages
 */
record FileBytes(String what, byte[] bytes) {

  int size() {
    return bytes.length;
  }

  int u8(int at) {
    require(at, 1);
    return bytes[at] & 0xff;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24le(int at) {
    return u16le(at) | u8(at + 2) << 16;
  }

  long u32(int at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32le(int at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  /** Whether the Latin-1 text stands at this place; false if the file ends before. */
  boolean startsWith(int at, String text) {
    if (at + text.length() > bytes.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[at + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Requires that {@code length} bytes from {@code at} lie in the file. */
  void require(long at, long length) {
    if (at + length > bytes.length) {
      throw invalid(
          "is truncated: it has "
              + bytes.length
              + " bytes and needs "
              + (at + length)
              + " or more");
    }
  }

  String hex(int from, int length) {
    return HexFormat.of()
        .formatHex(Arrays.copyOfRange(bytes, from, Math.min(from + length, bytes.length)));
  }

  /** The failure that says what is wrong with this file. */
  Failure.Invalid invalid(String problem) {
    return new Failure.Invalid("the " + what + " " + problem, "send a complete, valid picture");
  }
}
