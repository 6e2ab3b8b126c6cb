package dev.onecycle.image;

import java.nio.FloatBuffer;

/**
 * fastai's own pipeline, step by step: geometry is interpolated at the item size and once more when
 * resizing. The reference that {@link Views#of} is measured against.
 *
 * @param itemSize side after presizing, 460 in the notebook
 * @param size side of a view
 */
public record ExactViews(int itemSize, int size, Normalization normalization) implements Views {

  public ExactViews {
    if (itemSize < 1 || size < 1) {
      throw new IllegalArgumentException("views of " + size + " from items of " + itemSize);
    }
  }

  @Override
  public void view(Picture picture, ViewDraw draw, BatchCrop crop, FloatBuffer out, int offset) {
    crop.requireWithin(itemSize);
    FloatPicture item = FloatPicture.of(new Presize(itemSize).at(picture, draw.x(), draw.y()));
    FloatPicture moved = draw.isStill() ? item : Geometry.of(draw).sample(item, itemSize, itemSize);
    float[] view = moved.cut(crop).resize(size).rgb();
    if (!draw.isUnlit()) {
      Lighting.apply(view, draw.brightness(), draw.contrast());
    }
    normalization.apply(view);
    out.put(offset, view);
  }
}
