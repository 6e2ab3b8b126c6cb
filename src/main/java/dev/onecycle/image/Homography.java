package dev.onecycle.image;

/**
 * A projective map of the plane, {@code x' = (xx x + xy y + x1) / z}, {@code y' = (yx x + yy y +
 * y1) / z} with {@code z = zx x + zy y + z1}. Mutable, so that one can be used for many views.
 */
final class Homography {

  double xx;
  double xy;
  double x1;
  double yx;
  double yy;
  double y1;
  double zx;
  double zy;
  double z1;

  /** Becomes this geometry, from and to coordinates of -1 to 1. */
  void set(Geometry geometry) {
    double a = geometry.a;
    xx = geometry.xx + a * geometry.yx;
    xy = geometry.xy + a * geometry.yy;
    x1 = geometry.xShift + a * geometry.yShift + geometry.p;
    yx = a * geometry.xx + geometry.yx;
    yy = a * geometry.xy + geometry.yy;
    y1 = a * geometry.xShift + geometry.yShift + geometry.q;
    zx = geometry.p * geometry.xx + geometry.q * geometry.yx;
    zy = geometry.p * geometry.xy + geometry.q * geometry.yy;
    z1 = geometry.p * geometry.xShift + geometry.q * geometry.yShift + 1;
  }

  /** Takes {@code scale * x + left} where it took x, and {@code scale * y + top} where y. */
  void before(double scale, double left, double top) {
    x1 += xx * left + xy * top;
    y1 += yx * left + yy * top;
    z1 += zx * left + zy * top;
    xx *= scale;
    xy *= scale;
    yx *= scale;
    yy *= scale;
    zx *= scale;
    zy *= scale;
  }

  /** Gives {@code scale} times what it gave. */
  void after(double scale) {
    xx *= scale;
    xy *= scale;
    x1 *= scale;
    yx *= scale;
    yy *= scale;
    y1 *= scale;
  }
}
