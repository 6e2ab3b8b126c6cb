package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;

/** Labelled pictures by index, in a fixed order. Safe for any number of threads. */
public interface Pictures {

  /** How many pictures there are. */
  int size();

  /** The label of picture {@code index} as a position in the dataset's sorted labels. */
  int label(int index);

  /** Picture {@code index}, decoded. */
  Picture picture(int index);
}
