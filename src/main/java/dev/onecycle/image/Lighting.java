package dev.onecycle.image;

/** Brightness and contrast in logit space, where no level can leave 0 to 1. */
final class Lighting {

  private static final double EDGE = 1e-7;

  private Lighting() {}

  /**
   * Lights pixels in place: {@code sigmoid((logit(x) + logit(brightness)) * contrast)}, with x kept
   * 1e-7 away from 0 and 1. Written as {@code 1 / (1 + odds^contrast)}, where the odds against a
   * level are {@code (1 - x) / x * (1 - brightness) / brightness}.
   */
  static void apply(float[] rgb, double brightness, double contrast) {
    double against = (1 - brightness) / brightness;
    for (int i = 0; i < rgb.length; i++) {
      double x = Math.min(1 - EDGE, Math.max(EDGE, rgb[i]));
      double odds = (1 - x) / x * against;
      rgb[i] = (float) (1 / (1 + (contrast == 1 ? odds : Math.pow(odds, contrast))));
    }
  }
}
