package dev.onecycle.image;

/**
 * A decoded picture.
 *
 * @param width in pixels, at least 1
 * @param height in pixels, at least 1
 * @param rgb [height, width, 3] row-major, unsigned bytes, red first; not copied, not to be
 *     changed. It may be longer than that, so that memory can be used again
 */
public record Picture(int width, int height, byte[] rgb) {

  /** What a kernel holds that looks at no picture. */
  static final byte[] NO_PIXELS = {};

  public Picture {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("picture of " + width + "x" + height + " pixels");
    }
    if (rgb.length < 3L * width * height) {
      throw new IllegalArgumentException(
          rgb.length + " bytes for " + width + "x" + height + " pixels of 3 bytes");
    }
  }

  /** How many bytes its pixels have. */
  public int length() {
    return 3 * width * height;
  }
}
