package dev.onecycle.image;

/**
 * A picture between two steps of the exact pipeline.
 *
 * @param rgb [height, width, 3], 0 to 1
 */
record FloatPicture(int width, int height, float[] rgb) {

  static FloatPicture of(Picture picture) {
    float[] rgb = new float[picture.length()];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (picture.rgb()[i] & 0xff) / 255f;
    }
    return new FloatPicture(picture.width(), picture.height(), rgb);
  }

  /** The square of a batch's crop, which must lie within. */
  FloatPicture cut(BatchCrop crop) {
    int side = crop.side();
    if (side == width && side == height) {
      return this;
    }
    float[] out = new float[3 * side * side];
    for (int y = 0; y < side; y++) {
      int from = 3 * ((crop.top() + y) * width + crop.left());
      System.arraycopy(rgb, from, out, 3 * y * side, 3 * side);
    }
    return new FloatPicture(side, side, out);
  }

  /** A square resized to another one: averaged first where it is much larger, then bilinear. */
  FloatPicture resize(int size) {
    int side = averagedSide(width, size);
    FloatPicture source = side == width ? this : average(side, side);
    return Geometry.of(ViewDraw.PLAIN).sample(source, size, size);
  }

  /**
   * The side to average to before sampling: about twice the size, because sampling would skip
   * pixels of anything larger. (fastai makes this depend on the reach of the batch's sampling grid
   * as well; without geometry that grid spans the picture, and the condition always holds.)
   */
  static int averagedSide(int side, int size) {
    double halves = (double) side / size / 2;
    return halves > 1 ? (int) (side * (1 / halves)) : side;
  }

  /** Every output pixel is the mean of the input pixels that its area touches. */
  FloatPicture average(int toWidth, int toHeight) {
    float[] out = new float[3 * toWidth * toHeight];
    for (int y = 0, to = 0; y < toHeight; y++) {
      int top = start(y, height, toHeight);
      int bottom = end(y, height, toHeight);
      for (int x = 0; x < toWidth; x++, to += 3) {
        mean(start(x, width, toWidth), end(x, width, toWidth), top, bottom, out, to);
      }
    }
    return new FloatPicture(toWidth, toHeight, out);
  }

  private void mean(int left, int right, int top, int bottom, float[] out, int to) {
    float red = 0;
    float green = 0;
    float blue = 0;
    for (int y = top; y < bottom; y++) {
      for (int i = 3 * (y * width + left), end = 3 * (y * width + right); i < end; i += 3) {
        red += rgb[i];
        green += rgb[i + 1];
        blue += rgb[i + 2];
      }
    }
    float share = 1f / ((right - left) * (bottom - top));
    out[to] = red * share;
    out[to + 1] = green * share;
    out[to + 2] = blue * share;
  }

  static int start(int output, int from, int to) {
    return output * from / to;
  }

  static int end(int output, int from, int to) {
    return ((output + 1) * from + to - 1) / to;
  }
}
