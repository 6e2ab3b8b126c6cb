package dev.onecycle.image;

/**
 * Part of a picture at half, a quarter, an eighth ... of its sides, each pixel the mean of 2 x 2:
 * what keeps a view of a much larger picture from skipping pixels. The memory is used again for the
 * next picture.
 */
final class Halving {

  private byte[] rgb = new byte[0];
  private int width;
  private int height;

  /** The pixels of the last {@link #halve}, [height, width, 3], and perhaps more behind them. */
  byte[] rgb() {
    return rgb;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** Halves a rectangle of a picture, at least once. */
  void halve(Picture picture, int left, int top, int ofWidth, int ofHeight, int times) {
    width = ofWidth;
    height = ofHeight;
    int length = 3 * half(width) * half(height);
    if (rgb.length < length) {
      rgb = new byte[length];
    }
    int stride = 3 * picture.width();
    halve(picture.rgb(), top * stride + 3 * left, stride, 2);
    for (int i = 1; i < times; i++) {
      // In place: a pixel is written where nothing is read any more. Sums that end in a half are
      // rounded down and up in turn, so that many halvings do not brighten the picture.
      halve(rgb, 0, 3 * width, 2 - i % 2);
    }
  }

  private void halve(byte[] from, int first, int stride, int half) {
    int to = 0;
    for (int y = 0; y < height; y += 2) {
      int above = first + y * stride;
      int below = y + 1 < height ? above + stride : above;
      for (int last = above + 3 * (width - 1); above < last; above += 6, below += 6, to += 3) {
        for (int c = 0; c < 3; c++) {
          int sum =
              (from[above + c] & 0xff)
                  + (from[above + c + 3] & 0xff)
                  + (from[below + c] & 0xff)
                  + (from[below + c + 3] & 0xff);
          rgb[to + c] = (byte) ((sum + half) >> 2);
        }
      }
      if (width % 2 == 1) {
        for (int c = 0; c < 3; c++) {
          int sum = (from[above + c] & 0xff) + (from[below + c] & 0xff);
          rgb[to + c] = (byte) ((sum + 1) >> 1);
        }
        to += 3;
      }
    }
    width = half(width);
    height = half(height);
  }

  private static int half(int side) {
    return (side + 1) / 2;
  }
}
