package dev.onecycle.network;

import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The networks, weights and inputs of the golden files, from their formulas. */
public final class FormulaNetworks {

  private FormulaNetworks() {}

  /** A golden model: xresnet50, or xrn_b1 and xrn_tiny, which exist for tests only. */
  public static Architecture architecture(String model) {
    return switch (model) {
      case "xrn_b1" ->
          new Architecture("xrn_b1", 4, List.of(1, 1, 1, 1), List.of(64, 128, 256, 512));
      case "xrn_tiny" ->
          new Architecture("xrn_tiny", 4, List.of(1, 1, 1, 1), List.of(16, 32, 64, 128));
      default -> Architecture.named(model);
    };
  }

  /** The state that fill {@code dense} or {@code init} gives {@code layout}. */
  public static StateDict filled(Layout layout, boolean dense) {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int t = 0; t < layout.entries().size(); t++) {
      Layout.Entry entry = layout.entries().get(t);
      if (entry.kind() == Layout.Kind.BATCHES_TRACKED) {
        continue;
      }
      float[] numbers = new float[entry.size()];
      double fanIn = entry.kind().decays() ? (double) numbers.length / entry.shape().get(0) : 0;
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) value(entry, fanIn, dense, Goldens.random(1, t, i));
      }
      values.put(entry.name(), numbers);
    }
    return new StateDict(layout, values, 0);
  }

  /** Norms whose statistics are not 0 and 1, and logits between -5 and 5. */
  public static StateDict outspoken(Layout layout) {
    Map<String, float[]> values = new LinkedHashMap<>(filled(layout, true).values());
    values.computeIfPresent("11.weight", (name, weight) -> scaled(weight));
    return new StateDict(layout, values, 0);
  }

  private static float[] scaled(float[] values) {
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = 10 * values[i];
    }
    return scaled;
  }

  private static double value(Layout.Entry entry, double fanIn, boolean dense, double r) {
    return switch (entry.kind()) {
      case CONV_WEIGHT, HEAD_WEIGHT -> Math.sqrt(6 / fanIn) * r;
      case NORM_WEIGHT ->
          entry.zeroInit() ? (dense ? 0.2 + 0.1 * r : 0) : (dense ? 0.5 + 0.25 * r : 1);
      case NORM_BIAS, RUNNING_MEAN, HEAD_BIAS -> dense ? 0.1 * r : 0;
      case RUNNING_VARIANCE -> dense ? 1 + 0.5 * r : 1;
      case BATCHES_TRACKED -> 0;
    };
  }

  /** Input {@code t} of a model as [n, size, size, 3]. */
  public static Tensor input(int t, int n, int size) {
    return input(t, n, size, 1);
  }

  /** The same, scaled. */
  public static Tensor input(int t, int n, int size, double scale) {
    float[] pixels = new float[n * size * size * 3];
    for (int b = 0; b < n; b++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            int plane = b * 3 + c;
            long i = ((long) plane * size + y) * size + x;
            long j = plane * 64L + (y * 8L / size) * 8 + (x * 8L / size);
            pixels[((b * size + y) * size + x) * 3 + c] =
                (float)
                    (scale
                        * (0.6 * Goldens.random(2, t, i) + 0.4 * Goldens.random(2, t + 1000, j)));
          }
        }
      }
    }
    return Tensor.of(pixels, n, size, size, 3);
  }

  /** The labels of batch {@code t}. */
  public static Tensor targets(int t, int n) {
    long[] labels = new long[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (7L * i + 3L * t + 3) % 10;
    }
    return Tensor.of(labels, n);
  }

  /** sqrt(sum a^2). */
  public static double l2(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  /** sum a_i * r(9, t, i): changes with any transposition. */
  public static double projection(float[] values, int t) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * Goldens.random(9, t, i);
    }
    return sum;
  }
}
