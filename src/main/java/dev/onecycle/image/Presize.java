package dev.onecycle.image;

import dev.onecycle.image.FilterTaps.Stretch;

/**
 * The item transform: the largest square of a picture, resized to the item size. fastai's {@code
 * Resize(460)} with its default method "crop". All later geometry works on this square, so that a
 * rotated picture still has real pixels at its corners.
 *
 * @param itemSize side of the result in pixels, at least 1
 */
public record Presize(int itemSize) {

  /** So many times as long as wide is too long: such a picture would take any amount of memory. */
  private static final int LONG = 4;

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

  /**
   * All of a picture at the item's scale: its shorter side becomes the item size, and the square in
   * its middle is {@link #centre} to the bit. Any other square is what {@link #at} makes of one at
   * most a pixel of the item away. A picture that has that side already is given back as it is, and
   * so is one that is too long to be kept whole: its squares must be cut out of it one by one.
   */
  public Picture whole(Picture picture) {
    int width = width(picture.width(), picture.height());
    int height = height(picture.width(), picture.height());
    if (width == picture.width() && height == picture.height()) {
      return picture;
    }
    int side = side(picture.width(), picture.height());
    return Resampling.filter(
        picture, Box.of(picture), taps(picture.width(), side), taps(picture.height(), side));
  }

  private FilterTaps taps(int length, int side) {
    int before = before(length, side);
    Stretch stretch = new Stretch(length, offset(0.5, length, side), side, before);
    return new FilterTaps(Resampling.BILINEAR, stretch, itemSize, length(length, side));
  }

  /** How wide {@link #whole} makes a picture of these sides. */
  public int width(int width, int height) {
    return isLong(width, height) ? width : length(width, side(width, height));
  }

  /** How high. */
  public int height(int width, int height) {
    return isLong(width, height) ? height : length(height, side(width, height));
  }

  private static boolean isLong(int width, int height) {
    return Math.max(width, height) > LONG * Math.min(width, height);
  }

  /** Pixels of the item along a side, so that half of what is besides the square lies before it. */
  private int length(int length, int side) {
    if (length - side <= 1) {
      return itemSize; // there is no second place for the square
    }
    int before = before(length, side);
    int behind = (int) ((long) (length - offset(0.5, length, side) - side) * itemSize / side);
    return before + itemSize + Math.min(before + 1, behind);
  }

  private int before(int length, int side) {
    return (int) ((long) offset(0.5, length, side) * itemSize / side);
  }

  /** Whether a picture is what {@link #whole} makes: its squares need no resize. */
  boolean isItem(Picture picture) {
    return Math.min(picture.width(), picture.height()) == itemSize;
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
