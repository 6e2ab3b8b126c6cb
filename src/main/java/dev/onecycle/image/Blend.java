package dev.onecycle.image;

import dev.onecycle.platform.Failure;
import java.util.List;

/**
 * What mixup shows the network: two pictures laid over each other. A view for people; training
 * mixes whole batches instead (Zhang et al., "mixup", 2018).
 */
public final class Blend {

  /** Side of the square that both pictures are resized to, as fastai's own illustration does. */
  public static final int SIZE = 256;

  private Blend() {}

  /** The whole picture, squeezed into the square. */
  public static Picture squeeze(Picture picture) {
    return Resampling.BICUBIC.resize(picture, SIZE, SIZE);
  }

  /**
   * {@code lambda * a + (1 - lambda) * b}, rounded.
   *
   * @param a any picture; it is squeezed if it is not yet
   * @param lambda how much of {@code a}, 0 to 1, else {@link Failure.Invalid}
   */
  public static Picture of(Picture a, Picture b, double lambda) {
    float[] mixed = mix(squeeze(a), squeeze(b), lambda);
    byte[] rgb = new byte[mixed.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(mixed[i] * 255);
    }
    return new Picture(SIZE, SIZE, rgb);
  }

  /** The blend of two pictures of one size as numbers, [height, width, 3], 0 to 1. */
  static float[] mix(Picture a, Picture b, double lambda) {
    if (!(lambda >= 0 && lambda <= 1)) {
      String problem = "lambda " + lambda + " is not within 0 and 1";
      throw new Failure.Invalid(
          problem,
          "give the share of the first picture",
          List.of(new Failure.FieldError("lambda", problem, lambda, lambda > 1 ? 1 : 0)));
    }
    float[] mixed = new float[a.length()];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] =
          (float) ((lambda * (a.rgb()[i] & 0xff) + (1 - lambda) * (b.rgb()[i] & 0xff)) / 255);
    }
    return mixed;
  }
}
