package dev.onecycle.network;

import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The networks, weights and inputs of the golden files, from their formulas. */
public final class FormulaNetworks {

  private FormulaNetworks() {}

  /** A golden model: xresnet50, or xrn_b1 and xrn_tiny, which exist for tests only. */
  public static Architecture architecture(String model) {
    return architecture(NetworkKind.plain(model));
  }

  /** The same, with other choices than the plain ones. */
  public static Architecture architecture(NetworkKind kind) {
    return switch (kind.architecture()) {
      case "xrn_b1" -> single(kind, XResNet.Style.PLAIN, 64, 128, 256, 512);
      case "xrn_tiny" -> single(kind, XResNet.Style.PLAIN, 16, 32, 64, 128);
      default -> Architecture.of(kind);
    };
  }

  /** Bottlenecks, one a stage. */
  private static Architecture single(NetworkKind kind, XResNet.Style style, Integer... widths) {
    return new XResNet(4, List.of(1, 1, 1, 1), List.of(widths), style).architecture(kind);
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
      double fanIn = (double) numbers.length / (entry.shape().isEmpty() ? 1 : entry.shape().get(0));
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) value(entry, fanIn, dense, Goldens.random(1, t, i));
      }
      values.put(entry.name(), numbers);
    }
    for (Architecture.Block block : layout.architecture().blocks()) {
      if (block.attention() != null) {
        findSingular(values, block.attention());
      }
    }
    return new StateDict(layout, values, 0);
  }

  /** Three steps of power iteration from what is there. */
  private static void findSingular(Map<String, float[]> values, Architecture.Attention attention) {
    int n = attention.channels();
    float[] matrix = values.get(attention.weight());
    double[] left = new double[n];
    double[] right = new double[n];
    for (int i = 0; i < n; i++) {
      left[i] = values.get(attention.left())[i];
    }
    for (int step = 0; step < 3; step++) {
      Arrays.fill(right, 0);
      for (int i = 0; i < n * n; i++) {
        right[i % n] += matrix[i] * left[i / n];
      }
      normalize(right);
      Arrays.fill(left, 0);
      for (int i = 0; i < n * n; i++) {
        left[i / n] += matrix[i] * right[i % n];
      }
      normalize(left);
    }
    for (int i = 0; i < n; i++) {
      values.get(attention.left())[i] = (float) left[i];
      values.get(attention.right())[i] = (float) right[i];
    }
  }

  private static void normalize(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    Arrays.setAll(vector, i -> vector[i] / length);
  }

  /** Norms whose statistics are not 0 and 1, and logits between -5 and 5. */
  public static StateDict outspoken(Layout layout) {
    Map<String, float[]> values = new LinkedHashMap<>(filled(layout, true).values());
    String head = layout.architecture().head() + ".weight";
    values.computeIfPresent(head, (name, weight) -> scaled(weight));
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
      case CONV_WEIGHT, ATTENTION_WEIGHT, HEAD_WEIGHT -> Math.sqrt(6 / fanIn) * r;
      case NORM_WEIGHT ->
          entry.zeroInit() ? (dense ? 0.2 + 0.1 * r : 0) : (dense ? 0.5 + 0.25 * r : 1);
      case NORM_BIAS, RUNNING_MEAN, GATE_BIAS, HEAD_BIAS -> dense ? 0.1 * r : 0;
      case ATTENTION_GAMMA -> dense ? 0.05 : 0;
      case SINGULAR_VECTOR -> r;
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
