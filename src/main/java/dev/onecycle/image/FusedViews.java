package dev.onecycle.image;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * The views of {@link ExactViews}, many times as fast: in whole numbers instead of floats, with
 * lighting and normalisation as one table. Allocates nothing for a view of an {@link #item}.
 */
final class FusedViews implements Views {

  private final int itemSize;
  private final int size;
  private final Presize presize;
  private final Normalization normalization;
  private final Levels unlit;
  private final Levels unlitBfloat16;

  FusedViews(int itemSize, int size, Normalization normalization) {
    if (itemSize < 1 || size < 1) {
      throw new IllegalArgumentException("views of " + size + " from items of " + itemSize);
    }
    this.itemSize = itemSize;
    this.size = size;
    this.normalization = normalization;
    presize = new Presize(itemSize);
    unlit = new Levels().set(ViewDraw.PLAIN, normalization);
    unlitBfloat16 = new Levels().set(ViewDraw.PLAIN, normalization).toBfloat16();
  }

  @Override
  public int itemSize() {
    return itemSize;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
    ViewKernel kernel = ViewKernel.borrow();
    try {
      look(kernel, picture, draw, crop);
      Levels levels = draw.isUnlit() ? unlit : kernel.levels.set(draw, normalization);
      kernel.draw(crop.side(), size, levels, out, offset);
    } finally {
      kernel.giveBack();
    }
  }

  /** Rounds the table, not the pixels. */
  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, ShortBuffer out, int offset) {
    ViewKernel kernel = ViewKernel.borrow();
    try {
      look(kernel, picture, draw, crop);
      Levels levels =
          draw.isUnlit() ? unlitBfloat16 : kernel.levels.set(draw, normalization).toBfloat16();
      kernel.draw(crop.side(), size, levels, out, offset);
    } finally {
      kernel.giveBack();
    }
  }

  /** Lays the crop of the moved item before the kernel. */
  private void look(ViewKernel kernel, Picture picture, ViewDraw draw, BatchCrop crop) {
    crop.requireWithin(itemSize);
    Picture item = presize.isItem(picture) ? picture : presize.at(picture, draw.x(), draw.y());
    int left = Presize.offset(draw.x(), item.width(), itemSize);
    int top = Presize.offset(draw.y(), item.height(), itemSize);
    if (draw.isStill()) {
      kernel.look(item, left + crop.left(), top + crop.top(), false);
    } else if (draw.isMirror()) {
      int mirrored = itemSize - crop.left() - crop.side();
      kernel.look(item, left + mirrored, top + crop.top(), true);
    } else {
      kernel.move(item, left, top, itemSize, draw, crop, size);
    }
  }
}
