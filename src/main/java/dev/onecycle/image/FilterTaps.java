package dev.onecycle.image;

/**
 * For every output pixel of one pass, which input pixels count and how much, in fixed point: the
 * sum of weights is 1 &lt;&lt; 22 up to rounding.
 */
final class FilterTaps {

  private static final int BITS = 22;

  /** What a sum starts from, so that {@link #toByte} rounds to nearest. */
  static final int HALF = 1 << (BITS - 1);

  private final int[] first;
  private final int[] offset;
  private final int[] weights;

  /**
   * @param support the filter's half-width
   * @param in input pixels
   * @param out output pixels
   */
  FilterTaps(Resampling filter, double support, int in, int out) {
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1);
    double reach = support * filterScale;
    double inverse = 1 / filterScale;
    first = new int[out];
    offset = new int[out + 1];
    int[] all = new int[out * ((int) Math.ceil(reach) * 2 + 1)];
    for (int o = 0; o < out; o++) {
      double centre = (o + 0.5) * scale;
      first[o] = Math.max(0, (int) (centre - reach + 0.5));
      int count = Math.min(in, (int) (centre + reach + 0.5)) - first[o];
      double[] exact = new double[count];
      double sum = 0;
      for (int k = 0; k < count; k++) {
        exact[k] = filter.weight((k + first[o] - centre + 0.5) * inverse);
        sum += exact[k];
      }
      for (int k = 0; k < count; k++) {
        double normalised = exact[k] * (1 / sum) * (1 << BITS);
        all[offset[o] + k] = (int) (normalised + Math.copySign(0.5, normalised));
      }
      offset[o + 1] = offset[o] + count;
    }
    weights = all;
  }

  int outputs() {
    return first.length;
  }

  /** The first input pixel of an output pixel. */
  int first(int output) {
    return first[output];
  }

  /** How many input pixels it has. */
  int count(int output) {
    return offset[output + 1] - offset[output];
  }

  /** Where its weights start. */
  int offset(int output) {
    return offset[output];
  }

  int weight(int at) {
    return weights[at];
  }

  /** A sum of weighted samples back to 0..255; a cubic may overshoot. */
  static byte toByte(int sum) {
    return (byte) Math.min(255, Math.max(0, sum >> BITS));
  }
}
