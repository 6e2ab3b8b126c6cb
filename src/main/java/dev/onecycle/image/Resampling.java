package dev.onecycle.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Pillow's image resize, bit for bit: an antialiased separable filter in two passes, horizontal
 * then vertical, with 22-bit fixed-point weights and 8-bit rounding between the passes. A pass that
 * keeps its size is skipped. Safe for any number of threads.
 */
public enum Resampling {
  /** A triangle: what fastai resizes with. */
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },

  /** Keys' cubic with a = -0.5: what Pillow resizes with unless told otherwise. */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  };

  private static final double A = -0.5;

  private final double support;

  Resampling(double support) {
    this.support = support;
  }

  double support() {
    return support;
  }

  /** The filter's value at a distance in source pixels (in target pixels when shrinking). */
  abstract double weight(double distance);

  /** The whole picture at another size, each at least 1 pixel. */
  public Picture resize(Picture picture, int width, int height) {
    return resize(picture, Box.of(picture), width, height);
  }

  /** A part of the picture, as if cut out first, at another size. */
  public Picture resize(Picture picture, Box box, int width, int height) {
    box.requireWithin(picture);
    return filter(
        picture,
        box,
        width == box.width() ? null : new FilterTaps(this, box.width(), width),
        height == box.height() ? null : new FilterTaps(this, box.height(), height));
  }

  /**
   * A part of the picture through both passes.
   *
   * @param columns of the pass along rows, null for none
   * @param rows of the pass along columns, null for none
   */
  static Picture filter(
      Picture picture, Box box, @Nullable FilterTaps columns, @Nullable FilterTaps rows) {
    int width = columns == null ? box.width() : columns.outputs();
    byte[] across = new byte[3 * width * box.height()];
    if (columns == null) {
      copyRows(picture, box, across);
    } else {
      filterRows(picture, box, columns, across);
    }
    if (rows == null) {
      return new Picture(width, box.height(), across);
    }
    byte[] out = new byte[3 * width * rows.outputs()];
    filterColumns(across, 3 * width, rows, out);
    return new Picture(width, rows.outputs(), out);
  }

  private static void copyRows(Picture picture, Box box, byte[] out) {
    for (int y = 0; y < box.height(); y++) {
      System.arraycopy(
          picture.rgb(),
          3 * ((box.top() + y) * picture.width() + box.left()),
          out,
          3 * y * box.width(),
          3 * box.width());
    }
  }

  private static void filterRows(Picture picture, Box box, FilterTaps taps, byte[] out) {
    byte[] in = picture.rgb();
    int to = 0;
    for (int y = 0; y < box.height(); y++) {
      int row = 3 * ((box.top() + y) * picture.width() + box.left());
      for (int x = 0; x < taps.outputs(); x++, to += 3) {
        int from = row + 3 * taps.first(x);
        int weights = taps.offset(x);
        int count = taps.count(x);
        int red = FilterTaps.HALF;
        int green = FilterTaps.HALF;
        int blue = FilterTaps.HALF;
        for (int k = 0; k < count; k++, from += 3) {
          int weight = taps.weight(weights + k);
          red += (in[from] & 0xff) * weight;
          green += (in[from + 1] & 0xff) * weight;
          blue += (in[from + 2] & 0xff) * weight;
        }
        out[to] = FilterTaps.toByte(red);
        out[to + 1] = FilterTaps.toByte(green);
        out[to + 2] = FilterTaps.toByte(blue);
      }
    }
  }

  /** Row by row, so that memory is read in order and the loop over a row vectorises. */
  private static void filterColumns(byte[] in, int stride, FilterTaps taps, byte[] out) {
    int[] sums = new int[stride];
    for (int y = 0; y < taps.outputs(); y++) {
      Arrays.fill(sums, FilterTaps.HALF);
      for (int k = 0; k < taps.count(y); k++) {
        int weight = taps.weight(taps.offset(y) + k);
        int from = (taps.first(y) + k) * stride;
        for (int i = 0; i < stride; i++) {
          sums[i] += (in[from + i] & 0xff) * weight;
        }
      }
      for (int i = 0; i < stride; i++) {
        out[y * stride + i] = FilterTaps.toByte(sums[i]);
      }
    }
  }
}
