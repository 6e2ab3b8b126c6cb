package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;

/**
 * A 64-bit difference hash (Krawetz, "Kind of Like That", 2013): the picture is averaged down to
 * 9x8 grey cells, and each bit says whether a cell is darker than its right neighbour. Re-encoding
 * and resizing change few bits; different pictures differ in about 32.
 */
final class Fingerprint {

  /** Fingerprints that differ in at most this many bits are near. */
  static final int NEAR = 3;

  private static final int COLUMNS = 9;
  private static final int ROWS = 8;

  private Fingerprint() {}

  /** In how many bits two fingerprints differ. */
  static int distance(long a, long b) {
    return Long.bitCount(a ^ b);
  }

  static long of(Picture picture) {
    double[][] cells = new double[ROWS][COLUMNS];
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        cells[row][column] = brightness(picture, row, column);
      }
    }
    long bits = 0;
    for (double[] row : cells) {
      for (int column = 0; column + 1 < COLUMNS; column++) {
        bits = bits << 1 | (row[column] < row[column + 1] ? 1 : 0);
      }
    }
    return bits;
  }

  /** Mean luma of a cell (ITU-R BT.601 weights); a picture narrower than 9 shares its pixels. */
  private static double brightness(Picture picture, int row, int column) {
    int top = row * picture.height() / ROWS;
    int bottom = Math.max(top + 1, (row + 1) * picture.height() / ROWS);
    int left = column * picture.width() / COLUMNS;
    int right = Math.max(left + 1, (column + 1) * picture.width() / COLUMNS);
    byte[] rgb = picture.rgb();
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      int from = 3 * (y * picture.width() + left);
      for (int i = from; i < from + 3 * (right - left); i += 3) {
        sum += 299L * (rgb[i] & 255) + 587L * (rgb[i + 1] & 255) + 114L * (rgb[i + 2] & 255);
      }
    }
    return (double) sum / ((bottom - top) * (right - left));
  }
}
