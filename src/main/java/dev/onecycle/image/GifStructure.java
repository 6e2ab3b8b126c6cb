package dev.onecycle.image;

/**
 * The blocks of a GIF (GIF89a) up to the end of its first frame, and the canvas that it lies on.
 *
 * @param ground 0xRRGGBB of the canvas around the frame
 */
record GifStructure(
    int width, int height, int left, int top, int frameWidth, int frameHeight, int ground) {

  private static final int EXTENSION = 0x21;
  private static final int CONTROL = 0xf9;
  private static final int IMAGE = 0x2c;
  private static final int WHITE = 0xffffff;

  static GifStructure read(FileBytes file) {
    int table = 13;
    int at = table + colours(file.u8(10));
    boolean transparent = false;
    while (file.u8(at) == EXTENSION) {
      transparent |= file.u8(at + 1) == CONTROL && (file.u8(at + 3) & 1) == 1;
      at = afterSubBlocks(file, at + 2);
    }
    if (file.u8(at) != IMAGE) {
      throw file.invalid("has no frame");
    }
    int ownColours = colours(file.u8(at + 9));
    if (ownColours > 0) {
      table = at + 10;
    }
    afterSubBlocks(file, at + 10 + ownColours + 1);
    int left = file.u16le(at + 1);
    int top = file.u16le(at + 3);
    int width = file.u16le(at + 5);
    int height = file.u16le(at + 7);
    if (width == 0 || height == 0) {
      throw file.invalid("says that its first frame has " + width + "x" + height + " pixels");
    }
    return new GifStructure(
        // A frame that sticks out of its canvas is shown all the same.
        Math.max(file.u16le(6), left + width),
        Math.max(file.u16le(8), top + height),
        left,
        top,
        width,
        height,
        transparent ? WHITE : file.u8(table) << 16 | file.u16(table + 1));
  }

  PictureHeader header() {
    return new PictureHeader(PictureFormat.GIF, width, height, true, Orientation.UPRIGHT);
  }

  /** The first frame on its canvas, whose rest shows what Pillow shows: nothing or colour 0. */
  Picture composed(Picture frame) {
    if (frame.width() == width && frame.height() == height) {
      return frame;
    }
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (ground >> 16);
      rgb[i + 1] = (byte) (ground >> 8);
      rgb[i + 2] = (byte) ground;
    }
    int row = 3 * frame.width();
    for (int y = 0; y < frame.height(); y++) {
      System.arraycopy(frame.rgb(), y * row, rgb, 3 * ((top + y) * width + left), row);
    }
    return new Picture(width, height, rgb);
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
