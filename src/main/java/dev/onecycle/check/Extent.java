package dev.onecycle.check;

import java.util.List;

/**
 * How much is tried.
 *
 * @param architecture of the networks
 * @param sizes of training pictures, in pixels
 * @param batches in pictures
 * @param steps of each pair of these that are measured
 * @param memorySteps after which no more memory may be held than after a tenth of them
 * @param pictures of the small dataset that a run is trained on
 * @param blocks of a quarter of a gigabyte that are taken to fill the device, at most
 */
record Extent(
    String architecture,
    List<Integer> sizes,
    List<Integer> batches,
    int steps,
    int memorySteps,
    int pictures,
    int blocks) {

  /** For a GPU. */
  static final Extent FULL =
      new Extent("xresnet50", List.of(128, 224), List.of(64, 128, 256, 512), 20, 1000, 4096, 2048);

  /** The same on a processor, in seconds. */
  static final Extent SMALL = new Extent("xresnet18", List.of(32), List.of(4, 8), 2, 20, 24, 0);

  int smallestSize() {
    return sizes.get(0);
  }

  int smallestBatch() {
    return batches.get(0);
  }
}
