package dev.onecycle.image.decoding;

import dev.onecycle.image.Picture;

/**
 * How a camera held the picture: the EXIF tag 0x0112 (CIPA DC-008).
 *
 * @param tag 1 to 8; 1 is upright
 */
public record Orientation(int tag) {

  /** Nothing to turn. */
  public static final Orientation UPRIGHT = new Orientation(1);

  private static final int TAG = 0x0112;

  public Orientation {
    if (tag < 1 || tag > 8) {
      throw new IllegalArgumentException("orientation " + tag + " is not in 1..8");
    }
  }

  /**
   * Reads the tag from the TIFF structure in bytes {@code from} to {@code to}. Broken EXIF is
   * common and harmless, so whatever cannot be read is upright.
   */
  static Orientation read(FileBytes file, int from, int to) {
    boolean little = file.startsWith(from, "II");
    if (to - from < 8 || (!little && !file.startsWith(from, "MM"))) {
      return UPRIGHT;
    }
    long directory = from + (little ? file.u32le(from + 4) : file.u32(from + 4));
    if (directory + 2 > to) {
      return UPRIGHT;
    }
    int entries = u16(file, (int) directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > to) {
        return UPRIGHT;
      }
      if (u16(file, (int) entry, little) == TAG) {
        int tag = u16(file, (int) entry + 8, little);
        return tag >= 1 && tag <= 8 ? new Orientation(tag) : UPRIGHT;
      }
    }
    return UPRIGHT;
  }

  private static int u16(FileBytes file, int at, boolean little) {
    return little ? file.u16le(at) : file.u16(at);
  }

  /** The picture turned upright; the picture itself if it already is. */
  Picture turn(Picture stored) {
    if (tag == 1) {
      return stored;
    }
    int w = stored.width();
    int h = stored.height();
    boolean swapped = tag >= 5;
    int width = swapped ? h : w;
    int height = swapped ? w : h;
    byte[] rgb = new byte[stored.length()];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = swapped ? y : x;
        int row = swapped ? x : y;
        boolean mirrorColumn = tag == 2 || tag == 3 || tag == 7 || tag == 8;
        boolean mirrorRow = tag == 3 || tag == 4 || tag == 6 || tag == 7;
        int sourceX = mirrorColumn ? w - 1 - column : column;
        int sourceY = mirrorRow ? h - 1 - row : row;
        System.arraycopy(stored.rgb(), (sourceY * w + sourceX) * 3, rgb, (y * width + x) * 3, 3);
      }
    }
    return new Picture(width, height, rgb);
  }
}
