package dev.onecycle.image;

import dev.onecycle.image.FilterTaps.Stretch;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * The views of {@link Chain#TIMM}: the shorter side becomes the item size by Pillow's cubic, and
 * the middle is cut out of that, as torchvision's Resize and CenterCrop do. What is cut out is the
 * item that all else starts from.
 */
final class CentreViews implements Views {

  private final int itemSize;
  private final int size;
  private final Views cut;

  /**
   * Makes views of a side.
   *
   * @param itemSize of the shorter side before the cut, at least {@code size}
   */
  CentreViews(int itemSize, int size, Normalization normalization) {
    if (size < 1 || itemSize < size) {
      throw new IllegalArgumentException("views of " + size + " from items of " + itemSize);
    }
    this.itemSize = itemSize;
    this.size = size;
    cut = Views.of(size, size, normalization);
  }

  /** Of what is cut out. */
  @Override
  public int itemSize() {
    return size;
  }

  @Override
  public int size() {
    return size;
  }

  /** The picture itself: where it is cut is drawn for each view. */
  @Override
  public Picture item(Picture picture) {
    return picture;
  }

  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
    cut.view(cut(picture, draw), draw, crop, out, offset);
  }

  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, ShortBuffer out, int offset) {
    cut.view(cut(picture, draw), draw, crop, out, offset);
  }

  /** Resizes the whole picture, of which only the pixels of the cut are made. */
  private Picture cut(Picture picture, ViewDraw draw) {
    return Resampling.filter(
        picture,
        Box.of(picture),
        taps(picture.width(), picture.height(), draw.x()),
        taps(picture.height(), picture.width(), draw.y()));
  }

  private FilterTaps taps(int length, int other, double share) {
    int resized = length <= other ? itemSize : (int) ((long) itemSize * length / other);
    int before = (int) Math.rint(share * (resized - size)); // Python's round: half to even
    return new FilterTaps(
        Resampling.BICUBIC, new Stretch(length, 0, length, -before), resized, size);
  }
}
