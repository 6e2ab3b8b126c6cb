package dev.onecycle.image.decoding;

/** Transparency, which a classifier has no use for. */
final class Alpha {

  private Alpha() {}

  /** A sample in 0..255 laid on white with an opacity in 0..255, rounded. */
  static byte onWhite(int sample, int alpha) {
    return (byte) ((sample * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
