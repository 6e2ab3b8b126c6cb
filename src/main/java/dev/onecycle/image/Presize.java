package dev.onecycle.image;

/**
 * The item transform: the largest square of a picture, resized to the item size. fastai's {@code
 * Resize(460)} with its default method "crop". All later geometry works on this square, so that a
 * rotated picture still has real pixels at its corners.
 *
 * @param itemSize side of the result in pixels, at least 1
 */
public record Presize(int itemSize) {

  public Presize {
    if (itemSize < 1) {
      throw new IllegalArgumentException("itemSize " + itemSize + " < 1");
    }
  }

  /**
   * The square at a position. A picture that already is one of the item size is given back as it
   * is, so presized pictures can be kept and used again.
   *
   * @param x where the square stands along the longer side, 0 to 1; 0.5 in the middle
   * @param y the same for rows
   */
  public Picture at(Picture picture, double x, double y) {
    if (picture.width() == itemSize && picture.height() == itemSize) {
      return picture;
    }
    Box box = box(picture.width(), picture.height(), x, y);
    return Resampling.BILINEAR.resize(picture, box, itemSize, itemSize);
  }

  /** The square in the middle, as every validation picture is cut. */
  public Picture centre(Picture picture) {
    return at(picture, 0.5, 0.5);
  }

  Box box(int width, int height, double x, double y) {
    int side = side(width, height);
    return new Box(offset(x, width, side), offset(y, height, side), side, side);
  }

  /**
   * Of the square in pixels of the picture: rounded down twice as fastai does it, which loses one
   * pixel for some sides, such as 233.
   */
  int side(int width, int height) {
    return Math.max(1, (int) ((double) Math.min(width, height) / itemSize * itemSize));
  }

  /** Where a square of {@code side} pixels begins in {@code length}, placed at {@code share}. */
  static int offset(double share, int length, int side) {
    return (int) (share * (length - side));
  }
}
