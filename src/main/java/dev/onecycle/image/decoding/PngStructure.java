package dev.onecycle.image.decoding;

import java.util.zip.CRC32;

/**
 * The chunks of a PNG (W3C PNG, third edition). An animated PNG is read as its still picture, as
 * every decoder without animation does.
 */
final class PngStructure {

  private static final int FIRST_CHUNK = 8;
  private static final int GREY_ALPHA = 4;

  private PngStructure() {}

  /** Walks all chunks to IEND and verifies the checksum of every critical one. */
  static PictureHeader read(FileBytes file) {
    if (!file.startsWith(FIRST_CHUNK + 4, "IHDR")) {
      file.require(FIRST_CHUNK, 25);
      throw file.invalid("does not start with IHDR");
    }
    Orientation orientation = Orientation.UPRIGHT;
    boolean transparent = file.u8(FIRST_CHUNK + 17) >= GREY_ALPHA;
    boolean data = false;
    int at = FIRST_CHUNK;
    while (!file.startsWith(at + 4, "IEND")) {
      long length = file.u32(at);
      file.require(at, length + 12);
      verify(file, at, (int) length);
      data |= file.startsWith(at + 4, "IDAT");
      transparent |= file.startsWith(at + 4, "tRNS");
      if (file.startsWith(at + 4, "eXIf")) {
        orientation = Orientation.read(file, at + 8, at + 8 + (int) length);
      }
      at += (int) length + 12;
    }
    if (!data) {
      throw file.invalid("has no pixels");
    }
    long width = file.u32(FIRST_CHUNK + 8);
    long height = file.u32(FIRST_CHUNK + 12);
    if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw file.invalid("says that it has " + width + "x" + height + " pixels");
    }
    return new PictureHeader(
        PictureFormat.PNG, (int) width, (int) height, transparent, orientation);
  }

  /** Chunks whose name starts with a capital letter are critical. */
  private static void verify(FileBytes file, int at, int length) {
    if (file.u8(at + 4) >= 'a') {
      return;
    }
    CRC32 crc = new CRC32();
    crc.update(file.bytes(), at + 4, length + 4);
    if (crc.getValue() != file.u32(at + 8 + length)) {
      throw file.invalid("is corrupt: wrong checksum in the chunk at byte " + at);
    }
  }
}
