package dev.onecycle.torch.onednn;

/**
 * What whole numbers of 8 bits stand for: n is {@code scale * (n - zeroPoint)}, and 0 is met
 * exactly.
 *
 * <p>After "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference" (Jacob et al., 2018).
 */
public record QuantizationParameters(float scale, int zeroPoint) {

  /** Of numbers that are all 0. */
  static final float SMALLEST = 1e-9f;

  /** Returns 256 steps over a range, and over 0. */
  public static QuantizationParameters over(float low, float high) {
    double from = Math.min(low, 0);
    double scale = Math.max((Math.max(high, 0) - from) / 255, SMALLEST);
    return new QuantizationParameters((float) scale, (int) Math.round(-from / scale));
  }
}
