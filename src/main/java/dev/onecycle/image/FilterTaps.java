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
   * All outputs of a stretch of input, which nothing outside of it counts for.
   *
   * @param in input pixels
   * @param out output pixels
   */
  FilterTaps(Resampling filter, int in, int out) {
    this(filter, new Stretch(in, 0, in, 0), out, out);
  }

  /**
   * Where outputs begin among the inputs, and how far they go on beyond.
   *
   * @param in inputs that there are
   * @param from the first input of the stretch
   * @param side its length
   * @param before outputs before the stretch's first
   */
  record Stretch(int in, int from, int side, int before) {}

  /**
   * Outputs of a stretch and, on the same grid, of what lies before and behind it. Those of the
   * stretch see nothing but the stretch, the others all inputs.
   *
   * @param inside outputs of the stretch
   * @param out all outputs
   */
  FilterTaps(Resampling filter, Stretch stretch, int inside, int out) {
    double scale = (double) stretch.side / inside;
    double filterScale = Math.max(scale, 1);
    double reach = filter.support() * filterScale;
    double inverse = 1 / filterScale;
    first = new int[out];
    offset = new int[out + 1];
    int[] all = new int[out * ((int) Math.ceil(reach) * 2 + 1)];
    for (int o = 0; o < out; o++) {
      int own = o - stretch.before;
      boolean within = own >= 0 && own < inside;
      int least = within ? 0 : -stretch.from;
      int most = within ? stretch.side : stretch.in - stretch.from;
      double centre = (own + 0.5) * scale; // counted from the stretch's first input, as all here
      int begin = Math.max(least, (int) Math.floor(centre - reach + 0.5));
      int count = Math.min(most, (int) Math.floor(centre + reach + 0.5)) - begin;
      first[o] = begin + stretch.from;
      double[] exact = new double[count];
      double sum = 0;
      for (int k = 0; k < count; k++) {
        exact[k] = filter.weight((k + begin - centre + 0.5) * inverse);
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
