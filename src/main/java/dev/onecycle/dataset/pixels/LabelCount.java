package dev.onecycle.dataset.pixels;

/**
 * How many pictures of a label each part of the split has.
 *
 * @param name the label
 */
public record LabelCount(String name, int train, int valid) {

  int in(Part part) {
    return part == Part.TRAIN ? train : valid;
  }

  /** This with one picture more. */
  LabelCount plus(Part part) {
    return part == Part.TRAIN
        ? new LabelCount(name, train + 1, valid)
        : new LabelCount(name, train, valid + 1);
  }
}
