package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import org.jspecify.annotations.Nullable;

/** Labelled pictures by index, in a fixed order. Safe for any number of threads. */
public interface Pictures {

  /** How many pictures there are. */
  int size();

  /** The label of picture {@code index} as a position in the dataset's sorted labels. */
  int label(int index);

  /** Picture {@code index}, decoded. */
  Picture picture(int index);

  /**
   * As {@link #picture(int)}, in the memory of another picture where that has room: what reads many
   * then allocates nothing for each.
   *
   * @param spent no longer looked at, or null
   */
  default Picture picture(int index, @Nullable Picture spent) {
    return picture(index);
  }

  /** The pictures at {@code indices}, in that order; a view, so closing the whole ends it too. */
  default Pictures subset(int... indices) {
    int[] kept = indices.clone();
    Pictures whole = this;
    return new Pictures() {
      @Override
      public int size() {
        return kept.length;
      }

      @Override
      public int label(int index) {
        return whole.label(kept[index]);
      }

      @Override
      public Picture picture(int index) {
        return whole.picture(kept[index]);
      }

      @Override
      public Picture picture(int index, @Nullable Picture spent) {
        return whole.picture(kept[index], spent);
      }
    };
  }
}
