package dev.onecycle.image;

/**
 * The pictures that the goldens were computed from, made by integer arithmetic only: two ramps, a
 * chequerboard of 8 pixels, and noise from a hash of (3, t, index).
 */
public final class FormulaPicture {

  private FormulaPicture() {}

  public static Picture of(int width, int height, int t) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++, i += 3) {
        rgb[i] = (byte) ((3 * (x * 255 / (width - 1)) + noise(t, i)) / 4);
        rgb[i + 1] = (byte) ((3 * (y * 255 / (height - 1)) + noise(t, i + 1)) / 4);
        rgb[i + 2] = (byte) ((x / 8 + y / 8) % 2 * 192 + noise(t, i + 2) / 4);
      }
    }
    return new Picture(width, height, rgb);
  }

  private static int noise(int t, int i) {
    return (int) (hash24(3, t, i) >> 16);
  }

  /** The upper 24 bits of SplitMix64's output for the place (seed, t, i). */
  static long hash24(long seed, long t, long i) {
    long z = (seed << 48 | t << 32 | i) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) >>> 40;
  }
}
