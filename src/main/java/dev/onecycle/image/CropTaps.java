package dev.onecycle.image;

/**
 * Along one side of a view: which pixels of the crop each of its pixels is made of, and how much of
 * each. That is fastai's last resize, its average and its interpolation taken together. Weights are
 * in 2048ths and sum to one.
 */
final class CropTaps {

  static final int BITS = 11;
  static final int ONE = 1 << BITS;

  /** Of crops this much larger than what they are averaged to, one pixel in ten is of three. */
  private static final double PAIRS = 1.1;

  final int side;
  final int size;
  private final int averaged;

  /** The first pixel of each output. */
  final int[] first;

  /** [size, most]: the weights of the first pixel and those that follow. */
  final int[] weights;

  /** How many pixels an output has at most. */
  final int most;

  /** How far the middle of the first of its two averaged pixels is from the crop's first. */
  final double[] middles;

  /** How far it is from there to the middle of the second. */
  final double[] steps;

  /** The share of the second. */
  final double[] seconds;

  /** The same in 2048ths. */
  final int[] shares;

  /**
   * From {@code side} pixels of the crop to {@code size} of the view, both at least 1. As {@link
   * FloatPicture#resize(int)} has it, where pixel {@code i} of {@code n} lies at {@code i / (n -
   * 1)}.
   */
  CropTaps(int side, int size) {
    this.side = side;
    this.size = size;
    averaged = FloatPicture.averagedSide(side, size);
    int both = 0;
    for (int i = 0; i < averaged; i++) {
      int next = Math.min(i + 1, averaged - 1);
      both =
          Math.max(
              both, FloatPicture.end(next, side, averaged) - FloatPicture.start(i, side, averaged));
    }
    most = both;
    first = new int[size];
    weights = new int[size * most];
    seconds = new double[size];
    shares = new int[size];
    middles = new double[size];
    steps = new double[size];
    for (int i = 0; i < size; i++) {
      double at = size == 1 ? (averaged - 1) / 2.0 : (double) i * (averaged - 1) / (size - 1);
      int low = (int) at;
      int high = Math.min(low + 1, averaged - 1);
      first[i] = Math.min(FloatPicture.start(low, side, averaged), side - most);
      double[] exact = new double[most];
      add(exact, i, low, 1 - (at - low));
      add(exact, i, high, at - low);
      round(exact, i * most);
      seconds[i] = at - low;
      shares[i] = (int) Math.round((at - low) * ONE);
      middles[i] = middle(low);
      steps[i] = middle(high) - middles[i];
    }
  }

  private double middle(int pixel) {
    int from = FloatPicture.start(pixel, side, averaged);
    return (from + FloatPicture.end(pixel, side, averaged) - 1) / 2.0;
  }

  /** Whether nothing is averaged: two pixels of the crop are all that an output is made of. */
  boolean isPlain() {
    return side == averaged;
  }

  /** Whether nearly every averaged pixel is the mean of two by two. */
  boolean isOfPairs() {
    return side > averaged && side < PAIRS * averaged;
  }

  /** Adds one averaged pixel. */
  private void add(double[] exact, int output, int pixel, double weight) {
    int from = FloatPicture.start(pixel, side, averaged);
    int to = FloatPicture.end(pixel, side, averaged);
    for (int k = from; k < to && weight > 0; k++) {
      exact[k - first[output]] += weight / (to - from);
    }
  }

  /** Rounds running sums, so that the weights still sum to one. */
  private void round(double[] exact, int to) {
    double sum = 0;
    int given = 0;
    for (int k = 0; k < most; k++) {
      sum += exact[k];
      weights[to + k] = (int) Math.round(sum * ONE) - given;
      given += weights[to + k];
    }
  }
}
