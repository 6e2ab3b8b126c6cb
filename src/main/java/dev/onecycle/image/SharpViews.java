package dev.onecycle.image;

import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * The views of {@link Chain#SHARP}: presize, geometry, crop and resize are one map from a view's
 * pixels into the picture's, with one interpolation and no filter. Where a view is much smaller
 * than the picture, the picture is halved first. Allocates nothing for a view.
 */
final class SharpViews implements Views {

  /** Halve as long as neighbours in the view lie further apart than this in the picture. */
  private static final double MAX_STEP = 2.2;

  private final int itemSize;
  private final int size;
  private final Presize presize;
  private final Normalization normalization;
  private final Levels unlit;
  private final Levels unlitBfloat16;

  SharpViews(int itemSize, int size, Normalization normalization) {
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

  /** The picture itself: there is no resize before the one look. */
  @Override
  public Picture item(Picture picture) {
    return picture;
  }

  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
    SharpKernel kernel = SharpKernel.borrow();
    try {
      aim(kernel, picture, draw, crop);
      Levels levels = draw.isUnlit() ? unlit : kernel.levels.set(draw, normalization);
      kernel.draw(size, levels, out, offset);
    } finally {
      kernel.giveBack();
    }
  }

  /** Rounds the table, not the pixels. */
  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, ShortBuffer out, int offset) {
    SharpKernel kernel = SharpKernel.borrow();
    try {
      aim(kernel, picture, draw, crop);
      Levels levels =
          draw.isUnlit() ? unlitBfloat16 : kernel.levels.set(draw, normalization).toBfloat16();
      kernel.draw(size, levels, out, offset);
    } finally {
      kernel.giveBack();
    }
  }

  private void aim(SharpKernel kernel, Picture picture, ViewDraw draw, BatchCrop crop) {
    crop.requireWithin(itemSize);
    int side = presize.side(picture.width(), picture.height());
    int halvings = halvings(side, draw.zoom(), crop);
    look(kernel, picture, draw, side, halvings);
    double half = Math.scalb(side, -halvings) / 2;
    kernel.bound(half, half * (itemSize - 1) / itemSize);
    map(kernel, draw, crop);
  }

  /** Enough for neighbours in the view to be near in the picture, or in the item if it is small. */
  private int halvings(int side, double zoom, BatchCrop crop) {
    return halvings((double) side / itemSize * Math.max(1, crop.side() / (zoom * size)));
  }

  /** How often pixels that are {@code step} apart are brought nearer. */
  static int halvings(double step) {
    int halvings = 0;
    for (double left = step; left > MAX_STEP; left /= 2) {
      halvings++;
    }
    return halvings;
  }

  private static void look(
      SharpKernel kernel, Picture picture, ViewDraw draw, int side, int halvings) {
    int left = Presize.offset(draw.x(), picture.width(), side);
    int top = Presize.offset(draw.y(), picture.height(), side);
    if (halvings == 0) {
      kernel.look(picture.rgb(), picture.width(), left, top, side);
    } else {
      kernel.halving.halve(picture, left, top, side, side, halvings);
      int halved = kernel.halving.width();
      kernel.look(kernel.halving.rgb(), halved, 0, 0, halved);
    }
  }

  /**
   * Makes the map from a view's pixels to distances from the middle of the square, step by step as
   * the exact chain goes: the view spans the crop from first to last pixel centre, the crop lies in
   * the item, the item is -1 to 1.
   */
  private void map(SharpKernel kernel, ViewDraw draw, BatchCrop crop) {
    Homography map = kernel.map;
    int averaged = FloatPicture.averagedSide(crop.side(), size);
    double spread = (double) crop.side() / averaged;
    double step = size == 1 ? 0 : spread * (averaged - 1) / (size - 1);
    double first = (size == 1 ? crop.side() : spread) / 2 - 0.5;
    double centred = 2.0 / Math.max(1, itemSize - 1);
    kernel.geometry.set(draw);
    map.set(kernel.geometry);
    map.before(
        centred * step, centred * (crop.left() + first) - 1, centred * (crop.top() + first) - 1);
    map.after(kernel.reach());
  }
}
