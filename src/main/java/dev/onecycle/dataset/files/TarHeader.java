package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Arrays;

/**
 * A block in front of a member of a tar (POSIX ustar, and as GNU tar writes it).
 *
 * @param name bytes as characters (Latin-1), at most 255; longer ones stand in a member of their
 *     own before it
 * @param type what kind of member
 * @param size bytes that follow, at least 0
 * @param link what a link points to
 * @param extended whether more blocks of the header follow, as of a sparse file
 */
record TarHeader(String name, char type, long size, String link, boolean extended) {

  static final int BYTES = 512;

  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char FOLDER = '5';
  static final char CONTIGUOUS = '7';
  static final char GNU_FOLDER = 'D';
  static final char GNU_SPARSE = 'S';
  static final char GNU_LONG_NAME = 'L';
  static final char GNU_LONG_LINK = 'K';
  static final char GNU_VOLUME = 'V';
  static final char PAX = 'x';
  static final char PAX_OF_SOLARIS = 'X';
  static final char PAX_GLOBAL = 'g';

  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_END = 156;

  /** Whether these bytes are the start of a tar: a header with the right checksum. */
  static boolean isOne(byte[] block) {
    try {
      return block.length == BYTES && block[0] != 0 && hasItsChecksum(block);
    } catch (IOException e) {
      // Where the checksum would be are no octal digits.
      return false;
    }
  }

  /**
   * Reads it.
   *
   * @throws IOException for a wrong checksum and for numbers that are none
   */
  static TarHeader of(byte[] block) throws IOException {
    if (!hasItsChecksum(block)) {
      throw new IOException("a header has the wrong checksum");
    }
    String name = text(block, 0, 100);
    boolean posix = new String(block, 257, 6, US_ASCII).equals("ustar\0");
    String prefix = posix ? text(block, 345, 155) : "";
    char type = block[156] == 0 ? FILE : (char) (block[156] & 255);
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        type,
        // Some writers give links the size of what they point to, and no bytes.
        isLink(type) ? 0 : number(block, 124, 12),
        text(block, 157, 100),
        type == GNU_SPARSE && block[482] != 0);
  }

  /** Whether its bytes are those of a folder by the oldest custom: a name that ends so. */
  boolean isFolder() {
    return type == FOLDER || type == GNU_FOLDER || (isFile() && name.endsWith("/"));
  }

  boolean isLink() {
    return isLink(type);
  }

  private static boolean isLink(char type) {
    return type == HARD_LINK || type == SYMBOLIC_LINK;
  }

  boolean isFile() {
    return type == FILE || type == CONTIGUOUS;
  }

  /** Old writers added signed bytes. */
  private static boolean hasItsChecksum(byte[] block) throws IOException {
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < BYTES; i++) {
      int value = i >= CHECKSUM && i < CHECKSUM_END ? ' ' : block[i];
      unsigned += value & 255;
      signed += value;
    }
    long stored = number(block, CHECKSUM, 8);
    return stored == unsigned || stored == signed;
  }

  private static String text(byte[] block, int from, int length) {
    int end = from;
    while (end < from + length && block[end] != 0) {
      end++;
    }
    return new String(block, from, end - from, ISO_8859_1);
  }

  /** Octal digits between spaces, or, after a first byte of 0x80, a number of bytes. */
  private static long number(byte[] block, int from, int length) throws IOException {
    byte[] field = Arrays.copyOfRange(block, from, from + length);
    if (field[0] < 0) {
      return binary(field);
    }
    String digits = text(field, 0, length).strip();
    if (!digits.matches("[0-7]*")) {
      throw new IOException("a header has a number that is none");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static long binary(byte[] field) throws IOException {
    long value = 0;
    for (int i = 1; i < field.length; i++) {
      if (value >> 55 != 0) {
        throw new IOException("a header has a number that is too large");
      }
      value = value << 8 | (field[i] & 255);
    }
    if (field[0] != (byte) 0x80) {
      throw new IOException("a header has a negative number");
    }
    return value;
  }
}
