package dev.onecycle.image;

import dev.onecycle.platform.Failure;
import java.util.List;

/**
 * Shifts and scales each colour so that it has mean 0 and standard deviation 1 over a dataset.
 *
 * @param mean red, green, blue; pixels are 0 to 1
 * @param std their standard deviations, above 0
 */
public record Normalization(List<Double> mean, List<Double> std) {

  /**
   * @throws Failure.Invalid unless there are three finite means and positive deviations
   */
  public Normalization {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || !mean.stream().allMatch(Double::isFinite)) {
      throw new Failure.Invalid(
          "normalization: mean " + mean, "give three finite numbers: red, green, blue");
    }
    if (std.size() != 3 || !std.stream().allMatch(s -> s > 0 && Double.isFinite(s))) {
      throw new Failure.Invalid(
          "normalization: std " + std, "give three positive numbers: red, green, blue");
    }
  }

  /** The statistics of ImageNet's training pictures that most published models use. */
  public static Normalization imagenet() {
    return new Normalization(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /** Pixels stay 0 to 1. */
  public static Normalization none() {
    return new Normalization(List.of(0., 0., 0.), List.of(1., 1., 1.));
  }

  /** Normalises interleaved pixels in place. */
  void apply(float[] rgb) {
    for (int c = 0; c < 3; c++) {
      float shift = mean.get(c).floatValue();
      float scale = std.get(c).floatValue();
      for (int i = c; i < rgb.length; i += 3) {
        rgb[i] = (rgb[i] - shift) / scale;
      }
    }
  }

  /** Normalised pixels back in 0 to 1, interleaved like {@code view}, which stays as it is. */
  public float[] undo(float[] view) {
    float[] rgb = new float[view.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = view[i] * std.get(i % 3).floatValue() + mean.get(i % 3).floatValue();
    }
    return rgb;
  }

  /**
   * A view as people see it: normalisation undone, what lies outside 0 to 1 cut off.
   *
   * @param view [size, size, 3], normalised
   */
  public Picture picture(float[] view, int size) {
    float[] rgb = undo(view);
    byte[] bytes = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      bytes[i] = (byte) Math.round(Math.max(0, Math.min(1, rgb[i])) * 255);
    }
    return new Picture(size, size, bytes);
  }
}
