package dev.onecycle.image;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * Pictures to what a network sees, the same in training and serving: presize, geometry, crop,
 * resize, lighting, normalisation. A view is [size, size, 3], row-major, red first: one item of an
 * NHWC batch. Implementations are safe for any number of threads.
 */
public interface Views {

  /**
   * The views that training and serving use.
   *
   * @param itemSize side after presizing, at least 1; 460 in the notebook
   * @param size side of a view, at least 1
   */
  static Views of(int itemSize, int size, Normalization normalization) {
    return new FusedViews(itemSize, size, normalization);
  }

  /**
   * How often every view of this item size halves a picture before it looks at it: so often it may
   * be halved once and for all.
   *
   * @param shorterSide of the picture
   */
  static int halvings(int shorterSide, int itemSize) {
    return FusedViews.halvings((double) shorterSide / itemSize);
  }

  /** Side of the square that a picture is presized to. */
  int itemSize();

  /** Side of a view. */
  int size();

  /**
   * Writes one view.
   *
   * @param picture as decoded, or already presized
   * @param crop of its batch, within the item size
   * @param out has room for size * size * 3 numbers from {@code offset}; its position is neither
   *     used nor moved, so threads may fill parts of one buffer
   */
  void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset);

  /** As the other, each number rounded to the nearest bfloat16, of which the bits are written. */
  default void view(Picture picture, ViewDraw draw, BatchCrop crop, ShortBuffer out, int offset) {
    FloatBuffer exact = FloatBuffer.allocate(length());
    view(picture, draw, crop, exact, 0);
    for (int i = 0; i < length(); i++) {
      out.put(offset + i, Bfloat16.bits(Bfloat16.nearest(exact.get(i))));
    }
  }

  /** Writes the view that validation and plain prediction use. */
  default void validView(Picture picture, FloatBuffer out, int offset) {
    view(picture, ViewDraw.PLAIN, BatchCrop.whole(itemSize()), out, offset);
  }

  /** How many numbers a view has. */
  default int length() {
    return size() * size() * 3;
  }
}
