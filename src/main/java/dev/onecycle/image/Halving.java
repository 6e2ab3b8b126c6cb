package dev.onecycle.image;

/**
 * A square of a picture at half, a quarter, an eighth ... of its side, each pixel the mean of 2 x
 * 2: what keeps a view of a much larger picture from skipping pixels. The memory is used again for
 * the next picture.
 */
final class Halving {

  private byte[] rgb = new byte[0];

  /** The pixels of the last {@link #halve}, [side, side, 3]. */
  byte[] rgb() {
    return rgb;
  }

  /**
   * Halves a square.
   *
   * @param times at least 1
   * @return the side afterwards; an odd one is rounded up, its last pixel has no partner
   */
  int halve(Picture picture, Box square, int times) {
    int side = (square.width() + 1) / 2;
    if (rgb.length < 3 * side * side) {
      rgb = new byte[3 * side * side];
    }
    int stride = 3 * picture.width();
    halve(picture.rgb(), square.top() * stride + 3 * square.left(), stride, square.width(), 2);
    for (int i = 1; i < times; i++) {
      // In place: a pixel is written where nothing is read any more. Sums that end in a half are
      // rounded down and up in turn, so that many halvings do not brighten the picture.
      halve(rgb, 0, 3 * side, side, 2 - i % 2);
      side = (side + 1) / 2;
    }
    return side;
  }

  private void halve(byte[] from, int first, int stride, int side, int half) {
    int to = 0;
    for (int y = 0; y < side; y += 2) {
      int above = first + y * stride;
      int below = y + 1 < side ? above + stride : above;
      for (int last = above + 3 * (side - 1); above < last; above += 6, below += 6, to += 3) {
        for (int c = 0; c < 3; c++) {
          int sum =
              (from[above + c] & 0xff)
                  + (from[above + c + 3] & 0xff)
                  + (from[below + c] & 0xff)
                  + (from[below + c + 3] & 0xff);
          rgb[to + c] = (byte) ((sum + half) >> 2);
        }
      }
      if (side % 2 == 1) {
        for (int c = 0; c < 3; c++) {
          int sum = (from[above + c] & 0xff) + (from[below + c] & 0xff);
          rgb[to + c] = (byte) ((sum + 1) >> 1);
        }
        to += 3;
      }
    }
  }
}
