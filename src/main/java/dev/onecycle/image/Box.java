package dev.onecycle.image;

/**
 * A rectangle of pixels.
 *
 * @param left first column
 * @param top first row
 * @param width at least 1
 * @param height at least 1
 */
public record Box(int left, int top, int width, int height) {

  public Box {
    if (left < 0 || top < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "box of " + width + "x" + height + " at " + left + ", " + top);
    }
  }

  /** All of the picture. */
  static Box of(Picture picture) {
    return new Box(0, 0, picture.width(), picture.height());
  }

  /**
   * The largest centred rectangle with the proportions of {@code width} x {@code height}: what a
   * thumbnail shows.
   */
  public static Box centred(Picture picture, int width, int height) {
    double scale = Math.min((double) picture.width() / width, (double) picture.height() / height);
    int w = Math.max(1, (int) (scale * width));
    int h = Math.max(1, (int) (scale * height));
    return new Box((picture.width() - w) / 2, (picture.height() - h) / 2, w, h);
  }

  void requireWithin(Picture picture) {
    if (left + width > picture.width() || top + height > picture.height()) {
      throw new IllegalArgumentException(
          this + " is not within " + picture.width() + "x" + picture.height() + " pixels");
    }
  }
}
