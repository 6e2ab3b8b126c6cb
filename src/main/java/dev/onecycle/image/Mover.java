package dev.onecycle.image;

/**
 * Flip, rotation, zoom and warp at the item's size: every pixel of the crop is looked up in the
 * item, reflected at its outermost pixel centres, and interpolated. Its memory is used again for the
 * next item.
 */
final class Mover {

  /** Positions are counted in 2048ths of a pixel: two such shares and a byte fit an int. */
  private static final int BITS = 11;

  private static final int ONE = 1 << BITS;
  private static final int ROUND = 1 << (2 * BITS - 1);

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
      int column = (int) (fold(atX * share, edge) * ONE + middle);
      int line = (int) (fold(atY * share, edge) * ONE + middle);
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
      to[i] = mix(from, a, b, c, d, wa, wb, wc, wd);
      to[i + 1] = mix(from, a + 1, b + 1, c + 1, d + 1, wa, wb, wc, wd);
      to[i + 2] = mix(from, a + 2, b + 2, c + 2, d + 2, wa, wb, wc, wd);
    }
  }

  private static byte mix(byte[] from, int a, int b, int c, int d, int wa, int wb, int wc, int wd) {
    int sum =
        (from[a] & 0xff) * wa
            + (from[b] & 0xff) * wb
            + (from[c] & 0xff) * wc
            + (from[d] & 0xff) * wd;
    return (byte) ((sum + ROUND) >> (2 * BITS));
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
