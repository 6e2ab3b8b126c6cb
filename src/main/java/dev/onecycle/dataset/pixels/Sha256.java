package dev.onecycle.dataset.pixels;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in a third of the memory that its 64 digits take: there is one for each picture. */
public record Sha256(long first, long second, long third, long fourth) {

  private static final HexFormat HEX = HexFormat.of();

  /** That of {@code bytes}. */
  static Sha256 of(byte[] bytes) {
    try {
      ByteBuffer sum = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
      return new Sha256(sum.getLong(), sum.getLong(), sum.getLong(), sum.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256. This is a bug.", e);
    }
  }

  /**
   * Reads its 64 digits.
   *
   * @throws IllegalArgumentException if they are not that
   */
  static Sha256 ofDigits(String digits) {
    if (digits.length() != 64) {
      throw new IllegalArgumentException("a checksum of " + digits.length() + " digits");
    }
    return new Sha256(part(digits, 0), part(digits, 16), part(digits, 32), part(digits, 48));
  }

  private static long part(String digits, int from) {
    return HexFormat.fromHexDigitsToLong(digits, from, from + 16);
  }

  /** Its 64 digits. */
  @Override
  public String toString() {
    return HEX.toHexDigits(first)
        + HEX.toHexDigits(second)
        + HEX.toHexDigits(third)
        + HEX.toHexDigits(fourth);
  }
}
