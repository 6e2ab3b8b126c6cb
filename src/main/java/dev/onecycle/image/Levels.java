package dev.onecycle.image;

import java.util.Arrays;

/**
 * Lighting and normalisation of every level a sample can have, computed once a view instead of once
 * a pixel. Levels come in quarters of a byte, 0 to 1020, so that interpolated ones keep two more
 * bits.
 */
final class Levels {

  /** The largest level: 255 in quarters. */
  static final int MAX = 255 * 4;

  private final float[] lit = new float[MAX + 1];

  /** What the network sees for each level: [level, 3], red first. */
  final float[] seen = new float[3 * lit.length];

  /** Fills the table for one view. */
  Levels set(ViewDraw draw, Normalization normalization) {
    for (int level = 0; level <= MAX; level++) {
      lit[level] = level / (float) MAX;
    }
    if (!draw.isUnlit()) {
      Lighting.apply(lit, draw.brightness(), draw.contrast());
    }
    for (int level = 0; level <= MAX; level++) {
      Arrays.fill(seen, 3 * level, 3 * level + 3, lit[level]);
    }
    normalization.apply(seen);
    return this;
  }

  /** Rounds the table to numbers that bfloat16 has. */
  Levels toBfloat16() {
    for (int i = 0; i < seen.length; i++) {
      seen[i] = Bfloat16.nearest(seen[i]);
    }
    return this;
  }
}
