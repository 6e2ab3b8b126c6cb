package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import dev.onecycle.image.Views;
import java.util.List;

/**
 * Where each picture of a pack lies among its decoded pixels: one record after the other in the
 * pack's order, each its unsigned bytes [height, width, 3] and their CRC-32C. It follows from the
 * pack's index and the item size, so no file has to say it.
 *
 * <p>A picture so large that every view of that item size would halve it first is kept halved.
 */
final class PixelLayout {

  static final int CHECKSUM = Integer.BYTES;

  private final List<PackedPicture> index;
  private final int itemSize;
  private final long[] offsets;

  PixelLayout(List<PackedPicture> index, int itemSize) {
    this.index = index;
    this.itemSize = itemSize;
    offsets = new long[index.size() + 1];
    for (int i = 0; i < index.size(); i++) {
      long record = 3L * width(i) * height(i) + CHECKSUM;
      offsets[i + 1] = Math.addExact(offsets[i], record);
    }
  }

  int size() {
    return index.size();
  }

  /** How often picture {@code i} is halved. */
  int halvings(int i) {
    PackedPicture picture = index.get(i);
    return Views.halvings(Math.min(picture.width(), picture.height()), itemSize);
  }

  int width(int i) {
    return Picture.halved(index.get(i).width(), halvings(i));
  }

  int height(int i) {
    return Picture.halved(index.get(i).height(), halvings(i));
  }

  /** Where the record of picture {@code i} begins. */
  long offset(int i) {
    return offsets[i];
  }

  /** How many bytes that record has, its checksum included. */
  int length(int i) {
    return Math.toIntExact(offsets[i + 1] - offsets[i]);
  }

  /** How many bytes all records have; layouts of one pack that agree in this are the same. */
  long total() {
    return offsets[size()];
  }
}
