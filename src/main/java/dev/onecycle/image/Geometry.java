package dev.onecycle.image;

/**
 * Where the pixels of a view come from: flip, rotation and zoom as one affine map, then a
 * perspective warp, in coordinates that run from -1 to 1 over the picture's pixel centres. All of
 * it costs one interpolation.
 *
 * <p>Affine: {@code M = Flip * Rotate * Zoom}. The warp takes the quadrilateral (-1-wy, -1-wx),
 * (-1+wy, 1+wx), (1+wy, -1+wx), (1-wy, 1-wx) to the picture's corners. Its eight coefficients,
 * which fastai finds by solving a linear system, have only three values: with {@code a = 2 wx wy /
 * (1 - wx^2 - wy^2)}, {@code p = -(wx + a wy)} and {@code q = -(wy + a wx)} it is {@code x' = (x +
 * a y + p) / (1 + p x + q y)}, {@code y' = (a x + y + q) / (1 + p x + q y)}.
 *
 * <p>Mutable, so that one can be used for many views.
 */
final class Geometry {

  double xx;
  double xy;
  double xShift;
  double yx;
  double yy;
  double yShift;
  double a;
  double p;
  double q;

  static Geometry of(ViewDraw draw) {
    Geometry geometry = new Geometry();
    geometry.set(draw);
    return geometry;
  }

  /** Becomes what {@code draw} asks for. */
  void set(ViewDraw draw) {
    double turn = Math.toRadians(draw.degrees());
    double side = draw.flip() ? -1 : 1;
    double scale = 1 / draw.zoom();
    double stayX = (1 - scale) * (2 * draw.zoomX() - 1);
    double stayY = (1 - scale) * (2 * draw.zoomY() - 1);
    double cos = Math.cos(turn);
    double sin = Math.sin(turn);
    double wx = draw.warpX();
    double wy = draw.warpY();
    xx = side * cos * scale;
    xy = side * sin * scale;
    xShift = side * (cos * stayX + sin * stayY);
    yx = -sin * scale;
    yy = cos * scale;
    yShift = -sin * stayX + cos * stayY;
    a = 2 * wx * wy / (1 - wx * wx - wy * wy);
    p = -(wx + a * wy);
    q = -(wy + a * wx);
  }

  /**
   * The view of these pixels: bilinear, reflected about the outermost pixel centres. Coordinates
   * are doubles, pixels floats.
   */
  FloatPicture sample(FloatPicture in, int width, int height) {
    double aspect = (double) in.height() / in.width();
    float[] out = new float[3 * width * height];
    for (int row = 0, to = 0; row < height; row++) {
      double y = centred(row, height);
      for (int column = 0; column < width; column++, to += 3) {
        double x = centred(column, width);
        double u = xx * x + xy * aspect * y + xShift;
        double v = yx / aspect * x + yy * y + yShift;
        double depth = 1 + p * u + q * v;
        double sourceX = toPixel((u + a * v + p) / depth, in.width());
        double sourceY = toPixel((a * u + v + q) / depth, in.height());
        interpolate(in, sourceX, sourceY, out, to);
      }
    }
    return new FloatPicture(width, height, out);
  }

  /** -1 for the first of n pixels, 1 for the last; 0 for a single one. */
  private static double centred(int pixel, int n) {
    return n == 1 ? 0 : 2.0 * pixel / (n - 1) - 1;
  }

  /** A coordinate back to 0..n-1, reflected at both ends. */
  private static double toPixel(double coordinate, int n) {
    double last = n - 1;
    double pixel = Math.abs((coordinate + 1) / 2 * last);
    if (pixel <= last) {
      return pixel;
    }
    double period = 2 * last;
    double rest = pixel % period;
    return Math.min(rest, period - rest);
  }

  private static void interpolate(FloatPicture in, double x, double y, float[] out, int to) {
    int left = (int) x;
    int top = (int) y;
    float right = (float) (x - left);
    float bottom = (float) (y - top);
    // At the last pixel the neighbour would lie outside, and its weight is zero.
    int across = left + 1 < in.width() ? 3 : 0;
    int down = top + 1 < in.height() ? 3 * in.width() : 0;
    float[] rgb = in.rgb();
    int from = 3 * (top * in.width() + left);
    for (int c = 0; c < 3; c++, from++) {
      float above = rgb[from] + right * (rgb[from + across] - rgb[from]);
      float below = rgb[from + down] + right * (rgb[from + down + across] - rgb[from + down]);
      out[to + c] = above + bottom * (below - above);
    }
  }
}
