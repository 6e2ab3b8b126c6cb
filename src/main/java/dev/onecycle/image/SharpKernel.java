package dev.onecycle.image;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Draws one view: every pixel of it is looked up in the picture, interpolated, and sent through the
 * table of levels. Holds the memory that this takes, to be borrowed and given back, so that a view
 * allocates nothing.
 */
final class SharpKernel {

  /** As many as can work at once; whoever gives back one more leaves it to the collector. */
  private static final BlockingQueue<SharpKernel> FREE =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  /** What is not worth keeping: the halves of a picture above 10 megapixels. */
  private static final int LARGE = 8 << 20;

  /** Positions are counted in 2048ths of a pixel: two such shares and a byte fit an int. */
  private static final int BITS = 11;

  private static final int ONE = 1 << BITS;

  /** From a byte times two shares down to a quarter of a level. */
  private static final int DOWN = 2 * BITS - 2;

  private static final int ROUND = 1 << (DOWN - 1);

  final Geometry geometry = new Geometry();
  final Homography map = new Homography();
  final Halving halving = new Halving();
  final Levels levels = new Levels();
  private float[] row = new float[0];
  private short[] halves = new short[0];

  // The square of pixels that is looked at.
  private byte[] rgb = Picture.NO_PIXELS;
  private int stride;
  private int left;
  private int top;
  private int last;
  private double half;
  private double reach;

  private SharpKernel() {}

  static SharpKernel borrow() {
    SharpKernel free = FREE.poll();
    return free == null ? new SharpKernel() : free;
  }

  void giveBack() {
    rgb = Picture.NO_PIXELS;
    if (halving.rgb().length <= LARGE) {
      FREE.offer(this);
    }
  }

  /** Looks at a square of a picture of rows of {@code width} pixels. */
  void look(byte[] pixels, int width, int atLeft, int atTop, int side) {
    rgb = pixels;
    stride = 3 * width;
    left = atLeft;
    top = atTop;
    last = side - 1;
  }

  /**
   * Says where the picture ends.
   *
   * @param halfSide of the looked-at square; {@link #map} gives distances from its middle
   * @param farthest how far from the middle the picture goes before it is reflected
   */
  void bound(double halfSide, double farthest) {
    half = halfSide;
    reach = farthest;
  }

  double reach() {
    return reach;
  }

  /** Draws a square view. */
  void draw(int size, Levels levels, FloatBuffer out, int offset) {
    grow(3 * size);
    for (int y = 0; y < size; y++) {
      drawRow(y, size, levels.seen);
      out.put(offset + 3 * size * y, row, 0, 3 * size);
    }
  }

  /** Draws a square view with levels that bfloat16 has. */
  void draw(int size, Levels levels, ShortBuffer out, int offset) {
    grow(3 * size);
    for (int y = 0; y < size; y++) {
      drawRow(y, size, levels.seen);
      for (int i = 0; i < 3 * size; i++) {
        halves[i] = Bfloat16.bits(row[i]);
      }
      out.put(offset + 3 * size * y, halves, 0, 3 * size);
    }
  }

  private void grow(int numbers) {
    if (row.length < numbers) {
      row = new float[numbers];
      halves = new short[numbers];
    }
  }

  private void drawRow(int y, int size, float[] seen) {
    byte[] from = rgb;
    float[] to = row;
    int end = last << BITS;
    double bound = reach;
    int corner = top * stride + 3 * left;
    double edge = half - 0.5;
    // From the middle to the first pixel's centre; half a unit more rounds.
    double middle = edge * ONE + 0.5;
    double xx = map.xx;
    double yx = map.yx;
    double zx = map.zx;
    double atX = map.xy * y + map.x1;
    double atY = map.yy * y + map.y1;
    double atZ = map.zy * y + map.z1;
    for (int i = 0; i < 3 * size; i += 3) {
      double share = 1 / atZ;
      int column = (int) (fold(atX * share, edge, bound) * ONE + middle);
      int line = (int) (fold(atY * share, edge, bound) * ONE + middle);
      atX += xx;
      atY += yx;
      atZ += zx;
      // At the last pixel the neighbour would lie outside, and its weight is zero.
      int across = column < end ? 3 : 0;
      int down = line < end ? stride : 0;
      int a = corner + (line >> BITS) * stride + 3 * (column >> BITS);
      int b = a + across;
      int c = a + down;
      int d = c + across;
      int right = column & (ONE - 1);
      int below = line & (ONE - 1);
      int wd = right * below;
      int wb = (right << BITS) - wd;
      int wc = (below << BITS) - wd;
      int wa = (ONE << BITS) - wb - wc - wd;
      to[i] = seen[3 * mix(from, a, b, c, d, wa, wb, wc, wd)];
      to[i + 1] = seen[3 * mix(from, a + 1, b + 1, c + 1, d + 1, wa, wb, wc, wd) + 1];
      to[i + 2] = seen[3 * mix(from, a + 2, b + 2, c + 2, d + 2, wa, wb, wc, wd) + 2];
    }
  }

  /** Four samples by weights that sum to one, as a level of the table. */
  private static int mix(byte[] from, int a, int b, int c, int d, int wa, int wb, int wc, int wd) {
    int sum =
        (from[a] & 0xff) * wa
            + (from[b] & 0xff) * wb
            + (from[c] & 0xff) * wc
            + (from[d] & 0xff) * wd;
    return (sum + ROUND) >> DOWN;
  }

  /**
   * A distance from the middle, brought back into the picture.
   *
   * @param edge the outermost pixel's centre
   * @param reach where the picture ends as the exact chain has it, and is reflected
   */
  private static double fold(double distance, double edge, double reach) {
    return Math.abs(distance) <= Math.min(edge, reach)
        ? distance
        : Math.max(-edge, Math.min(edge, reflect(distance, reach)));
  }

  private static double reflect(double distance, double reach) {
    double past = Math.abs(distance) - reach;
    if (past <= 0) {
      return distance;
    }
    // Almost always once: the remainder is slow.
    double back = past <= 2 * reach ? past : past % (4 * reach);
    double folded = back <= 2 * reach ? reach - back : back - 3 * reach;
    // Not a number: on the horizon of a wide warp, or in a picture of one pixel.
    return Double.isNaN(folded) ? 0 : folded * Math.signum(distance);
  }
}
