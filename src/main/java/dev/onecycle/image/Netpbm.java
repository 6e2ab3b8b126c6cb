package dev.onecycle.image;

/**
 * A picture in one of the portable formats of Netpbm: bitmap, greymap or pixmap, as text (P1 to P3)
 * or as bytes (P4 to P6).
 *
 * @param kind the digit after the P
 * @param maxval the level of full light
 * @param start where the pixels begin
 */
record Netpbm(FileBytes file, int kind, int width, int height, int maxval, int start) {

  private static final int MAX_LEVEL = 65_535;
  private static final int BITMAP = 1;
  private static final int PIXMAP = 3;

  /** Reads a header such as {@code P6 640 480 255}; comments are skipped. */
  static Netpbm read(FileBytes file) {
    int kind = file.u8(1) - '0';
    Numbers numbers = new Numbers(file, 2);
    int width = numbers.next();
    int height = numbers.next();
    int maxval = (kind - 1) % 3 + 1 == BITMAP ? 1 : numbers.next();
    if (maxval < 1 || maxval > MAX_LEVEL) {
      throw file.invalid("has levels up to " + maxval + ", which must be 1 to " + MAX_LEVEL);
    }
    // One character of white space ends the header.
    return new Netpbm(file, kind, width, height, maxval, numbers.at + 1);
  }

  PictureHeader header() {
    PictureHeader header = new PictureHeader(PictureFormat.NETPBM, width, height);
    file.require(start, isText() ? 0 : rowBytes() * height);
    return header;
  }

  private boolean isText() {
    return kind <= PIXMAP;
  }

  private boolean isBitmap() {
    return (kind - 1) % 3 + 1 == BITMAP;
  }

  private int samples() {
    return (kind - 1) % 3 + 1 == PIXMAP ? 3 : 1;
  }

  private long rowBytes() {
    return isBitmap() ? (width + 7L) / 8 : (long) width * samples() * (maxval > 255 ? 2 : 1);
  }

  /** Its pixels, after its header was found to be within the limits. */
  Picture decode() {
    int samples = samples();
    Numbers numbers = new Numbers(file, start);
    byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width * samples; x++) {
        int level = isText() ? text(numbers) : stored(x, y);
        byte light = (byte) ((level * 255 + maxval / 2) / maxval);
        for (int copies = samples == 1 ? 3 : 1; copies > 0; copies--) {
          rgb[to++] = light;
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  private int text(Numbers numbers) {
    int level = isBitmap() ? 1 - numbers.digit() : numbers.next();
    if (level < 0 || level > maxval) {
      throw file.invalid("has the level " + level + " > maximum " + maxval);
    }
    return level;
  }

  /** Levels of two bytes have the higher first; in a bitmap one bit is black. */
  private int stored(int x, int y) {
    int row = Math.toIntExact(start + y * rowBytes());
    if (isBitmap()) {
      return 1 - (file.u8(row + x / 8) >> (7 - x % 8) & 1);
    }
    return Math.min(maxval, maxval > 255 ? file.u16(row + 2 * x) : file.u8(row + x));
  }

  /** Numbers in text, between white space and comments. */
  private static final class Numbers {
    private final FileBytes file;
    private int at;

    private Numbers(FileBytes file, int at) {
      this.file = file;
      this.at = at;
    }

    private int next() {
      skip();
      int value = 0;
      int from = at;
      while (at < file.size() && isDigit(at)) {
        value = value * 10 + file.u8(at++) - '0';
        if (value > 1_000_000) {
          throw file.invalid("has a number beyond 1000000");
        }
      }
      if (at == from) {
        file.require(at, 1);
        throw file.invalid("has no number at byte " + at);
      }
      return value;
    }

    /** One digit, as a bitmap's pixels need no space between them. */
    private int digit() {
      skip();
      if (!isDigit(at)) {
        throw file.invalid("has no pixel at byte " + at);
      }
      return file.u8(at++) - '0';
    }

    private boolean isDigit(int place) {
      return file.u8(place) >= '0' && file.u8(place) <= '9';
    }

    private void skip() {
      boolean comment = false;
      while (at < file.size()) {
        int c = file.u8(at);
        comment = c == '#' || (comment && c != '\n' && c != '\r');
        if (!comment && !Character.isWhitespace(c)) {
          return;
        }
        at++;
      }
    }
  }
}
