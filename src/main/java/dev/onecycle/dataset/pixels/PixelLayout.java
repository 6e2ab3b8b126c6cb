package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Presize;
import java.util.List;

/**
 * Where each picture of a pack lies among its pixels at an item size, see {@link Presize#whole}:
 * one record after the other in the pack's order, each its unsigned bytes [height, width, 3] and
 * their CRC-32C. It follows from the pack's index and the item size, so no file has to say it.
 */
final class PixelLayout {

  static final int CHECKSUM = Integer.BYTES;

  private final List<PackedPicture> index;
  private final Presize presize;
  private final long[] offsets;

  PixelLayout(List<PackedPicture> index, int itemSize) {
    this.index = index;
    presize = new Presize(itemSize);
    offsets = new long[index.size() + 1];
    for (int i = 0; i < index.size(); i++) {
      long record = 3L * width(i) * height(i) + CHECKSUM;
      offsets[i + 1] = Math.addExact(offsets[i], record);
    }
  }

  int size() {
    return index.size();
  }

  Presize presize() {
    return presize;
  }

  int width(int i) {
    return presize.width(index.get(i).width(), index.get(i).height());
  }

  int height(int i) {
    return presize.height(index.get(i).width(), index.get(i).height());
  }

  /** Where the record of picture {@code i} begins. */
  long offset(int i) {
    return offsets[i];
  }

  /** How many bytes that record has, its checksum included. */
  int length(int i) {
    return Math.toIntExact(offsets[i + 1] - offsets[i]);
  }

  /** How many bytes all records have. */
  long total() {
    return offsets[size()];
  }
}
