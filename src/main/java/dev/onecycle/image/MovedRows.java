package dev.onecycle.image;

/**
 * Rows of a view of a moved item, in one pass. A pixel of the view is interpolated from four of the
 * moved item, and each of those from four of the item. Nearly always all of them lie within three
 * lines and three columns, which are weighted one after the other: that leaves out nothing but how
 * far a rotation moves the four against each other, second-order small. At the edges every pixel is
 * looked up on its own.
 */
final class MovedRows {

  /** Places and weights of columns are counted in 2048ths, weights of lines in 256ths. */
  private static final int BITS = CropTaps.BITS;

  private static final int ONE = CropTaps.ONE;
  private static final int LINES = 1 << 8;

  /** Of neighbours that are further apart an extrapolation would have weights below zero. */
  private static final int WIDEST = 3 * ONE / 2;

  /** From a byte times both weights down to a quarter of a level. */
  private static final int DOWN = BITS + 8 - 2;

  private static final int ROUND = 1 << (DOWN - 1);

  private final Geometry geometry = new Geometry();
  private final Homography map = new Homography();
  private final Pairs pairs = new Pairs();

  // The item.
  private byte[] rgb = Picture.NO_PIXELS;
  private int corner;
  private int stride;
  private int last;
  private double offset;
  private double edge;
  private int cropLeft;
  private int cropTop;
  private boolean turned;

  // A row's places in the item and what lies between neighbours there.
  private double[] atX = new double[0];
  private double[] atY = new double[0];
  private double[] stepX = new double[0];
  private double[] stepY = new double[0];

  /**
   * Looks at an item whose first pixel is at {@code left}, {@code top} of its picture.
   *
   * @param paired whether what is interpolated are not its pixels but the means of two by two
   */
  void look(
      Picture picture,
      int left,
      int top,
      int itemSize,
      boolean paired,
      ViewDraw draw,
      BatchCrop crop) {
    if (paired) {
      pairs.of(picture, left, top, itemSize);
      rgb = pairs.rgb();
      stride = 3 * itemSize;
      corner = 0;
      last = itemSize - 2;
      offset = -0.5; // a mean lies half a pixel behind where it is kept
    } else {
      rgb = picture.rgb();
      stride = 3 * picture.width();
      corner = top * stride + 3 * left;
      last = itemSize - 1;
      offset = 0;
    }
    edge = (itemSize - 1) / 2.0;
    cropLeft = crop.left();
    cropTop = crop.top();
    turned = draw.flip();
    geometry.set(draw);
    map.set(geometry);
    double centred = 2.0 / Math.max(1, itemSize - 1);
    double middle = itemSize == 1 ? 0 : 1;
    map.before(centred, -middle, -middle);
    map.after(edge);
  }

  void forget() {
    rgb = Picture.NO_PIXELS;
  }

  /** Writes row {@code y} of the view. */
  void draw(int y, CropTaps taps, float[] seen, float[] row) {
    int size = taps.size;
    if (atX.length < size) {
      atX = new double[size];
      atY = new double[size];
      stepX = new double[size];
      stepY = new double[size];
    }
    double line = cropTop + taps.middles[y];
    place(taps, line, taps.steps[y], taps.seconds[y]);
    byte[] from = rgb;
    int[] rights = taps.shares;
    int below = taps.shares[y];
    int begin = (int) (offset * ONE);
    int end = (int) (2 * edge * ONE) + begin;
    int inside = (last - 2) << BITS;
    for (int x = 0, to = 0; x < size; x++, to += 3) {
      int placeX = (int) atX[x];
      int placeY = (int) atY[x];
      int acrossX = (int) stepX[x];
      int acrossY = (int) stepY[x];
      int right = rights[x];
      int under = below;
      if (turned) {
        placeX += acrossX;
        acrossX = -acrossX;
        right = ONE - right;
      }
      if (placeX < begin - acrossX || placeX > end) {
        placeX = 2 * (placeX < 0 ? begin : end) - placeX - acrossX;
        right = ONE - right;
      }
      if (placeY < begin - acrossY || placeY > end) {
        placeY = 2 * (placeY < 0 ? begin : end) - placeY - acrossY;
        under = ONE - under;
      }
      int restX = placeX & (ONE - 1);
      int restY = placeY & (ONE - 1);
      int nextX = restX + acrossX;
      int nextY = restY + acrossY;
      // Where the four lie wider than three columns, the ones of less weight are extrapolated.
      if (nextX > 2 * ONE && right > ONE / 2) {
        placeX += ONE;
        restX -= ONE;
        nextX -= ONE;
      }
      if (nextY > 2 * ONE && under > ONE / 2) {
        placeY += ONE;
        restY -= ONE;
        nextY -= ONE;
      }
      if (placeX < 0
          || placeY < 0
          || placeX >= inside
          || placeY >= inside
          || nextX < 0
          || nextY < 0
          || acrossX > WIDEST
          || acrossY > WIDEST) {
        lookUp(taps, x, y, seen, row, to);
        continue;
      }
      int wy0 = first(restY, nextY, under) >> (BITS - 8);
      int wy2 = third(nextY, under) >> (BITS - 8);
      int wy1 = LINES - wy0 - wy2;
      int wx0 = first(restX, nextX, right);
      int wx2 = third(nextX, right);
      int wx1 = ONE - wx0 - wx2;
      int a = corner + (placeY >> BITS) * stride + 3 * (placeX >> BITS);
      int b = a + stride;
      int c = b + stride;
      long l0 = (long) Lanes.LONG.get(from, a);
      long l1 = (long) Lanes.LONG.get(from, b);
      long l2 = (long) Lanes.LONG.get(from, c);
      long even = (l0 & Lanes.EVEN) * wy0 + (l1 & Lanes.EVEN) * wy1 + (l2 & Lanes.EVEN) * wy2;
      long odd =
          (l0 >>> 8 & Lanes.EVEN) * wy0
              + (l1 >>> 8 & Lanes.EVEN) * wy1
              + (l2 >>> 8 & Lanes.EVEN) * wy2;
      int far =
          (from[a + 8] & 0xff) * wy0 + (from[b + 8] & 0xff) * wy1 + (from[c + 8] & 0xff) * wy2;
      int red =
          ((int) even & Lanes.LANE) * wx0 + ((int) odd >>> 16) * wx1 + (int) (even >>> 48) * wx2;
      int green =
          ((int) odd & Lanes.LANE) * wx0
              + ((int) (even >>> 32) & Lanes.LANE) * wx1
              + (int) (odd >>> 48) * wx2;
      int blue = ((int) even >>> 16) * wx0 + ((int) (odd >>> 32) & Lanes.LANE) * wx1 + far * wx2;
      row[to] = seen[3 * ((red + ROUND) >> DOWN)];
      row[to + 1] = seen[3 * ((green + ROUND) >> DOWN) + 1];
      row[to + 2] = seen[3 * ((blue + ROUND) >> DOWN) + 2];
    }
  }

  /** The weight of the first of three: what the near one gives it, and the next if it is close. */
  private static int first(int rest, int next, int share) {
    int near = ONE - rest;
    return near + (((Math.max(0, ONE - next) - near) * share) >> BITS);
  }

  /** The weight of the last of three, which only the next one gives it. */
  private static int third(int next, int share) {
    return (Math.max(0, next - ONE) * share) >> BITS;
  }

  /** Where the first of a pixel's four neighbours lies, and how far it is to the others. */
  private void place(CropTaps taps, double line, double down, double below) {
    double[] shares = taps.seconds;
    double[] columns = taps.middles;
    double[] steps = taps.steps;
    double[] toX = atX;
    double[] toY = atY;
    double[] toStepX = stepX;
    double[] toStepY = stepY;
    double xx = map.xx * ONE;
    double xy = map.xy * ONE;
    double yx = map.yx * ONE;
    double yy = map.yy * ONE;
    double zx = map.zx;
    double zy = map.zy;
    double rowX = ONE * (map.xy * line + map.xx * cropLeft + map.x1);
    double rowY = ONE * (map.yy * line + map.yx * cropLeft + map.y1);
    double rowZ = map.zy * line + map.zx * cropLeft + map.z1;
    // From the middle to the first pixel's centre; half a unit more rounds.
    double middle = (edge + offset) * ONE + 0.5;
    double downX = xy * down;
    double downY = yy * down;
    double downZ = zy * down;
    for (int x = 0; x < columns.length; x++) {
      double column = columns[x];
      double z = 1 / (zx * column + rowZ);
      double sx = (xx * column + rowX) * z;
      double sy = (yx * column + rowY) * z;
      double across = steps[x] * z;
      // Both pairs are moved by as much of what they are apart as they are weighted.
      toX[x] = sx + middle + below * (downX - downZ * sx) * z;
      toY[x] = sy + middle + shares[x] * (yx - zx * sy) * across;
      toStepX[x] = (xx - zx * sx) * across;
      toStepY[x] = (downY - downZ * sy) * z;
    }
  }

  /** One pixel of the view from its four neighbours, each looked up where it lies. */
  private void lookUp(CropTaps taps, int x, int y, float[] seen, float[] row, int to) {
    double red = 0;
    double green = 0;
    double blue = 0;
    for (int k = 0; k < 4; k++) {
      double weight =
          (k % 2 == 0 ? 1 - taps.seconds[x] : taps.seconds[x])
              * (k < 2 ? 1 - taps.seconds[y] : taps.seconds[y]);
      if (weight == 0) {
        continue;
      }
      double q = cropLeft + taps.middles[x] + (k % 2 == 0 ? 0 : taps.steps[x]);
      double r = cropTop + taps.middles[y] + (k < 2 ? 0 : taps.steps[y]);
      double z = 1 / (map.zx * q + map.zy * r + map.z1);
      double atColumn = within(fold((map.xx * q + map.xy * r + map.x1) * z));
      double atLine = within(fold((map.yx * q + map.yy * r + map.y1) * z));
      int left = (int) atColumn;
      int top = (int) atLine;
      int a = corner + top * stride + 3 * left;
      int across = left < last ? 3 : 0;
      int down = top < last ? stride : 0;
      red += weight * mix(a, across, down, atColumn - left, atLine - top);
      green += weight * mix(a + 1, across, down, atColumn - left, atLine - top);
      blue += weight * mix(a + 2, across, down, atColumn - left, atLine - top);
    }
    row[to] = seen[3 * (int) (4 * red + 0.5)];
    row[to + 1] = seen[3 * (int) (4 * green + 0.5) + 1];
    row[to + 2] = seen[3 * (int) (4 * blue + 0.5) + 2];
  }

  private double within(double distance) {
    return Math.max(0, Math.min(last, distance + edge + offset));
  }

  private double mix(int a, int across, int down, double wx, double wy) {
    int near = rgb[a] & 0xff;
    int below = rgb[a + down] & 0xff;
    double above = near + wx * ((rgb[a + across] & 0xff) - near);
    double under = below + wx * ((rgb[a + down + across] & 0xff) - below);
    return above + wy * (under - above);
  }

  /** A distance from the middle, reflected at the outermost pixels' centres. */
  private double fold(double distance) {
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
