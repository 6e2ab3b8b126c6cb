package dev.onecycle.image;

/**
 * The means of every two by two neighbours of an item, each at the place of the first: what fastai
 * interpolates in where it averages a crop before the last resize. The memory is used again for the
 * next item.
 */
final class Pairs {

  private byte[] rgb = new byte[0];

  /** The pixels of the last {@link #of}, [side, side, 3]; the last line and column mean nothing. */
  byte[] rgb() {
    return rgb;
  }

  /** Takes a square of a picture. */
  void of(Picture picture, int left, int top, int side) {
    int row = 3 * side;
    if (rgb.length < row * side) {
      rgb = new byte[row * side];
    }
    int stride = 3 * picture.width();
    for (int y = 0; y < side - 1; y++) {
      line(picture.rgb(), (top + y) * stride + 3 * left, stride, y * row, row - 3);
    }
  }

  private void line(byte[] from, int above, int stride, int to, int count) {
    byte[] pairs = rgb;
    int i = 0;
    for (; i + 11 <= count; i += 8) {
      long a = (long) Lanes.LONG.get(from, above + i);
      long b = (long) Lanes.LONG.get(from, above + i + 3);
      long c = (long) Lanes.LONG.get(from, above + stride + i);
      long d = (long) Lanes.LONG.get(from, above + stride + i + 3);
      long even = (a & Lanes.EVEN) + (b & Lanes.EVEN) + (c & Lanes.EVEN) + (d & Lanes.EVEN);
      long odd =
          (a >>> 8 & Lanes.EVEN)
              + (b >>> 8 & Lanes.EVEN)
              + (c >>> 8 & Lanes.EVEN)
              + (d >>> 8 & Lanes.EVEN);
      long mean = (((even + TWO) >>> 2) & Lanes.EVEN) | ((((odd + TWO) >>> 2) & Lanes.EVEN) << 8);
      Lanes.LONG.set(pairs, to + i, mean);
    }
    for (; i < count; i++) {
      int sum =
          (from[above + i] & 0xff)
              + (from[above + i + 3] & 0xff)
              + (from[above + stride + i] & 0xff)
              + (from[above + stride + i + 3] & 0xff);
      pairs[to + i] = (byte) ((sum + 2) >> 2);
    }
  }

  /** What rounds a quarter to the nearest, in every sixteen bits. */
  private static final long TWO = 0x0002000200020002L;
}
