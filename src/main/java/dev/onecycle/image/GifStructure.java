package dev.onecycle.image;

/** The blocks of a GIF (GIF89a) up to the end of its first frame, the one that is read. */
final class GifStructure {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;

  private GifStructure() {}

  static PictureHeader read(FileBytes file) {
    int at = 13 + colours(file.u8(10));
    while (file.u8(at) == EXTENSION) {
      at = afterSubBlocks(file, at + 2);
    }
    if (file.u8(at) != IMAGE) {
      throw file.invalid("has no frame");
    }
    PictureHeader frame =
        new PictureHeader(
            PictureFormat.GIF, file.u16le(at + 5), file.u16le(at + 7), true, Orientation.UPRIGHT);
    afterSubBlocks(file, at + 10 + colours(file.u8(at + 9)) + 1);
    return frame;
  }

  /** Bytes of the colour table that these flags announce. */
  private static int colours(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int afterSubBlocks(FileBytes file, int at) {
    int next = at;
    while (file.u8(next) != 0) {
      next += 1 + file.u8(next);
    }
    return next + 1;
  }
}
