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
   * The views that training, evaluation and serving use: fastai's, as {@link ExactViews} makes them
   * step by step, but many times as fast and within a few thousandths of the range.
   *
   * @param itemSize side after presizing, at least 1; 460 in the notebook
   * @param size side of a view, at least 1
   */
  static Views of(int itemSize, int size, Normalization normalization) {
    return new FusedViews(itemSize, size, normalization);
  }

  /** Side of the square that a picture is presized to. */
  int itemSize();

  /** Side of a view. */
  int size();

  /**
   * What several views of one picture are made from, so that its resize is done once. Where nothing
   * is to be gained it is the picture itself.
   */
  default Picture item(Picture picture) {
    return new Presize(itemSize()).whole(picture);
  }

  /**
   * Writes one view.
   *
   * @param picture as decoded, or an {@link #item} of it
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
