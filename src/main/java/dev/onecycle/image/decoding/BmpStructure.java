package dev.onecycle.image.decoding;

/** The header of a BMP, in the OS/2 form of 12 bytes or the Windows forms of 40 and more. */
final class BmpStructure {

  private static final int INFO = 14;
  private static final int BIT_FIELDS = 3;

  private BmpStructure() {}

  static PictureHeader read(FileBytes file) {
    if (file.u32le(INFO) < 40) {
      return new PictureHeader(PictureFormat.BMP, file.u16le(INFO + 4), file.u16le(INFO + 6));
    }
    long compression = file.u32le(INFO + 16);
    // 4 and 5 hide a JPEG or a PNG inside, whose size nobody has checked.
    if (compression > BIT_FIELDS) {
      throw file.invalid("has the compression " + compression + ", maximum " + BIT_FIELDS);
    }
    int width = (int) file.u32le(INFO + 4);
    // Negative: the rows stand top-down.
    int height = Math.absExact(Math.max((int) file.u32le(INFO + 8), -Integer.MAX_VALUE));
    PictureHeader header = new PictureHeader(PictureFormat.BMP, width, height);
    if (compression == 0 || compression == BIT_FIELDS) {
      requireRows(file, width, height);
    }
    return header;
  }

  /** Uncompressed rows are padded to 4 bytes. */
  private static void requireRows(FileBytes file, int width, int height) {
    long rowBytes = Math.max(1, ((long) width * file.u16le(INFO + 14) + 31) / 32 * 4);
    long rows = (file.size() - file.u32le(10)) / rowBytes;
    if (rows < height) {
      throw file.invalid("is truncated: it has " + rows + " of " + height + " rows");
    }
  }
}
