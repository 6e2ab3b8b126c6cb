package dev.onecycle.image;

/**
 * Flip, rotation, zoom and warp at the item's size: every pixel of the crop is looked up in the
 * item, reflected at its outermost pixel centres, and interpolated. Its memory is used again for
 * the next item.
 */
final class Mover {

  /** Places are counted in 2048ths of a pixel. */
  private static final int BITS = 11;

  private static final int ONE = 1 << BITS;

  /** From a byte times a share of 2048ths and one of 256ths. */
  private static final int DOWN = BITS + 8;

  private static final int ROUND = 1 << (DOWN - 1);

  private final Geometry geometry = new Geometry();
  private final Homography map = new Homography();
  private byte[] moved = new byte[0];

  /**
   * The crop of a moved item.
   *
   * @param left of the item in its picture
   * @param top of the item in its picture
   * @return [crop's side, crop's side, 3], and perhaps more behind that; valid until the next call
   */
  byte[] move(Picture picture, int left, int top, int itemSize, ViewDraw draw, BatchCrop crop) {
    int side = crop.side();
    if (moved.length < 3 * side * side) {
      moved = new byte[3 * side * side];
    }
    double centred = 2.0 / Math.max(1, itemSize - 1);
    double edge = (itemSize - 1) / 2.0;
    double middle = itemSize == 1 ? 0 : 1;
    geometry.set(draw);
    map.set(geometry);
    map.before(centred, centred * crop.left() - middle, centred * crop.top() - middle);
    map.after(edge);
    int corner = 3 * (top * picture.width() + left);
    for (int y = 0; y < side; y++) {
      moveRow(picture.rgb(), corner, 3 * picture.width(), y, side, edge);
    }
    return moved;
  }

  private void moveRow(byte[] from, int corner, int stride, int y, int side, double edge) {
    byte[] to = moved;
    int i = 3 * y * side;
    int inside = (int) (2 * edge - 1) << BITS;
    int end = (int) (2 * edge) << BITS;
    // From the middle to the first pixel's centre; half a unit more rounds.
    double middle = edge * ONE + 0.5;
    double xx = map.xx;
    double yx = map.yx;
    double zx = map.zx;
    double atX = map.xy * y + map.x1;
    double atY = map.yy * y + map.y1;
    double atZ = map.zy * y + map.z1;
    for (int x = 0; x < side; x++, i += 3) {
      double share = 1 / atZ;
      int column = (int) (atX * share * ONE + middle);
      int line = (int) (atY * share * ONE + middle);
      if (column < 0 || line < 0 || column >= inside || line >= inside) {
        column = (int) (fold(atX * share, edge) * ONE + middle);
        line = (int) (fold(atY * share, edge) * ONE + middle);
      }
      atX += xx;
      atY += yx;
      atZ += zx;
      int right = column & (ONE - 1);
      int below = (line & (ONE - 1)) >> (BITS - 8);
      // Two pixels of two lines, of which the last ones' neighbours weigh nothing.
      int a = corner + (line >> BITS) * stride + 3 * (column >> BITS);
      int b = line < end ? a + stride : a;
      if (a + 8 > from.length || b + 8 > from.length || column >= end) {
        moveLast(from, a, b, column < end ? 3 : 0, right, below, to, i);
        continue;
      }
      long above = (long) Lanes.LONG.get(from, a);
      long under = (long) Lanes.LONG.get(from, b);
      long even = (above & Lanes.EVEN) * (256 - below) + (under & Lanes.EVEN) * below;
      long odd = (above >>> 8 & Lanes.EVEN) * (256 - below) + (under >>> 8 & Lanes.EVEN) * below;
      int left = ONE - right;
      int red = ((int) even & Lanes.LANE) * left + ((int) odd >>> 16) * right;
      int green = ((int) odd & Lanes.LANE) * left + ((int) (even >>> 32) & Lanes.LANE) * right;
      int blue = ((int) even >>> 16) * left + ((int) (odd >>> 32) & Lanes.LANE) * right;
      to[i] = (byte) ((red + ROUND) >> DOWN);
      to[i + 1] = (byte) ((green + ROUND) >> DOWN);
      to[i + 2] = (byte) ((blue + ROUND) >> DOWN);
    }
  }

  /** A pixel whose neighbours there are not all. */
  private static void moveLast(
      byte[] from, int a, int b, int across, int right, int below, byte[] to, int i) {
    for (int c = 0; c < 3; c++) {
      int near = (from[a + c] & 0xff) * (256 - below) + (from[b + c] & 0xff) * below;
      int far =
          (from[a + across + c] & 0xff) * (256 - below) + (from[b + across + c] & 0xff) * below;
      to[i + c] = (byte) ((near * (ONE - right) + far * right + ROUND) >> DOWN);
    }
  }

  /** A distance from the middle, reflected at the outermost pixels' centres. */
  private static double fold(double distance, double edge) {
    double past = Math.abs(distance) - edge;
    if (past <= 0) {
      return distance;
    }
    // Almost always once: the remainder is slow.
    double back = past <= 2 * edge ? past : past % (4 * edge);
    double folded = back <= 2 * edge ? edge - back : back - 3 * edge;
    // Not a number: on the horizon of a wide warp, or in an item of one pixel.
    return Double.isNaN(folded) ? 0 : folded * Math.signum(distance);
  }
}
