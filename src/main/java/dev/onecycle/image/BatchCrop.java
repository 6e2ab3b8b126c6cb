package dev.onecycle.image;

/**
 * The square of the item that pictures are cut to before they are resized: one draw for all
 * pictures of a batch, as fastai's {@code RandomResizedCropGPU} does, unless each has its own.
 *
 * @param side in pixels of the item, at least 1
 * @param top first row
 * @param left first column
 */
public record BatchCrop(int side, int top, int left) {

  public BatchCrop {
    if (side < 1 || top < 0 || left < 0) {
      throw new IllegalArgumentException("crop of " + side + " at " + top + ", " + left);
    }
  }

  /** No crop: what validation and plain prediction see. */
  public static BatchCrop whole(int itemSize) {
    return new BatchCrop(itemSize, 0, 0);
  }

  /**
   * Makes sure that it lies within items of this size.
   *
   * @throws IllegalArgumentException unless it does
   */
  void requireWithin(int itemSize) {
    if (left + side > itemSize || top + side > itemSize) {
      throw new IllegalArgumentException(this + " is not within " + itemSize + "x" + itemSize);
    }
  }
}
