package dev.onecycle.image;

import java.util.SplittableRandom;

/**
 * Pictures as full of detail as photographs get: one quarter is hair, one print, one grass, one
 * edges and shades. Drawn at twice their size and averaged, as a lens and a sensor do.
 */
final class TexturedPicture {

  private final int width;
  private final int height;
  private final float[] ink;
  private final SplittableRandom random;

  private TexturedPicture(int width, int height, long seed) {
    this.width = 2 * width;
    this.height = 2 * height;
    ink = new float[3 * this.width * this.height];
    random = new SplittableRandom(seed);
  }

  static Picture of(int width, int height, long seed) {
    TexturedPicture picture = new TexturedPicture(width, height, seed);
    picture.shades();
    picture.edges();
    picture.grass();
    picture.hair();
    picture.print();
    return picture.seen();
  }

  /** Colours that change slowly all over. */
  private void shades() {
    double phase = 6 * random.nextDouble();
    for (int y = 0, i = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++, i++) {
          double wave = Math.sin(5.0 * x / width + c + phase) * Math.cos(4.0 * y / height - c);
          ink[i] = (float) (0.5 + 0.25 * wave);
        }
      }
    }
  }

  /** Tiles at an angle, lower right. */
  private void edges() {
    for (int y = height / 2; y < height; y++) {
      for (int x = width / 2; x < width; x++) {
        boolean light =
            (Math.floorMod(3 * x + y, 240) < 120) == (Math.floorMod(2 * y - x, 200) < 90);
        paint(x, y, light ? 0.8 : 0.2, light ? 0.75 : 0.3, 0.4, 1);
      }
    }
  }

  /** Short blades of many greens, lower left. */
  private void grass() {
    for (int blade = 0; blade < width * height / 100; blade++) {
      double x = random.nextDouble() * width / 2;
      double y = height / 2.0 + random.nextDouble() * height / 2;
      double shade = random.nextDouble();
      stroke(
          x,
          y,
          random.nextDouble(-0.5, 0.5),
          -1,
          4 + random.nextInt(14),
          1,
          .2 + .3 * shade,
          .3 + .5 * shade,
          .1 + .2 * shade);
    }
  }

  /** Long fine curves over dark, upper left. */
  private void hair() {
    for (int strand = 0; strand < width; strand++) {
      double shade = random.nextDouble();
      stroke(
          random.nextDouble() * width / 2,
          0,
          random.nextDouble(-.4, .4),
          1,
          height / 2,
          1,
          .15 + .6 * shade,
          .1 + .45 * shade,
          .05 + .3 * shade);
    }
  }

  /** Lines of upright and level strokes on paper, upper right. */
  private void print() {
    for (int y = 0; y < height / 2; y++) {
      for (int x = width / 2; x < width; x++) {
        paint(x, y, .9, .9, .85, 1);
      }
    }
    for (int line = 8; line < height / 2 - 20; line += 22) {
      for (int letter = width / 2 + 8; letter < width - 12; letter += 11) {
        for (int part = 0; part < 3; part++) {
          boolean upright = random.nextBoolean();
          stroke(
              letter + random.nextInt(5),
              line + random.nextInt(7),
              upright ? 0 : 1,
              upright ? 1 : 0,
              4 + random.nextInt(7),
              2,
              .1,
              .1,
              .15);
        }
      }
    }
  }

  private void stroke(
      double x,
      double y,
      double dx,
      double dy,
      int steps,
      int thick,
      double r,
      double g,
      double b) {
    double bend = random.nextDouble(-0.004, 0.004);
    double atX = x;
    double atY = y;
    double toX = dx;
    for (int step = 0; step < steps; step++) {
      for (int i = 0; i < thick * thick; i++) {
        paint((int) atX + i % thick, (int) atY + i / thick, r, g, b, 0.85);
      }
      atX += toX;
      atY += dy;
      toX += dy == 0 ? 0 : bend;
    }
  }

  private void paint(int x, int y, double red, double green, double blue, double share) {
    if (x < 0 || y < 0 || x >= width || y >= height) {
      return;
    }
    int i = 3 * (y * width + x);
    ink[i] += (float) (share * (red - ink[i]));
    ink[i + 1] += (float) (share * (green - ink[i + 1]));
    ink[i + 2] += (float) (share * (blue - ink[i + 2]));
  }

  /** Halved, with the noise of a sensor. */
  private Picture seen() {
    byte[] rgb = new byte[3 * (width / 2) * (height / 2)];
    for (int y = 0, to = 0; y < height; y += 2) {
      for (int x = 0; x < width; x += 2) {
        for (int c = 0; c < 3; c++, to++) {
          int i = 3 * (y * width + x) + c;
          double light = ink[i] + ink[i + 3] + ink[i + 3 * width] + ink[i + 3 * width + 3];
          double level = 255 * light / 4 + 2 * random.nextGaussian();
          rgb[to] = (byte) Math.max(0, Math.min(255, Math.round(level)));
        }
      }
    }
    return new Picture(width / 2, height / 2, rgb);
  }
}
