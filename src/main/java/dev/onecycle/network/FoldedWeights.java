package dev.onecycle.network;

import static java.util.Objects.requireNonNull;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Gate;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The folding of norms into the convolutions before them. With running statistics a norm is {@code
 * scale * y + shift}, where {@code scale = weight / sqrt(variance + epsilon)} and {@code shift =
 * bias - scale * mean}: so the convolution's weights are multiplied by scale, and shift is its
 * bias. An attention's matrix is divided by its largest singular value and multiplied by gamma.
 */
final class FoldedWeights {

  private static final double EPSILON = 1e-5;

  private final StateDict state;
  private final Map<String, Tensor> folded = new HashMap<>();

  private FoldedWeights(StateDict state) {
    this.state = state;
  }

  /** Returns the names of what {@link #of} gives, in its order. */
  static List<String> names(Architecture architecture) {
    List<String> names = new ArrayList<>();
    architecture.convLayers().forEach(layer -> addBoth(names, layer.name()));
    for (Block block : architecture.blocks()) {
      if (block.gate() != null) {
        addBoth(names, block.gate().down());
        addBoth(names, block.gate().up());
      }
      if (block.attention() != null) {
        names.add(block.attention().weight());
      }
    }
    addBoth(names, architecture.head());
    return names;
  }

  private static void addBoth(List<String> names, String layer) {
    names.add(layer + ".weight");
    names.add(layer + ".bias");
  }

  /**
   * Returns weight [out, in / groups, kernel, kernel] and bias [out] of every convolution, of every
   * gate's layers and of the head [out, in], and the matrix of every attention; all float32 on the
   * thread's device.
   */
  static List<Tensor> of(StateDict state) {
    Layout layout = state.layout();
    Architecture architecture = layout.architecture();
    FoldedWeights weights = new FoldedWeights(state);
    architecture.convLayers().forEach(weights::fold);
    for (Block block : architecture.blocks()) {
      if (block.gate() != null) {
        weights.fold(block.gate());
      }
      if (block.attention() != null) {
        weights.fold(block.attention());
      }
    }
    weights.copy(architecture.head(), layout.classes(), architecture.features());
    return names(architecture).stream()
        .map(name -> requireNonNull(weights.folded.get(name), name))
        .toList();
  }

  private void fold(ConvLayer layer) {
    String norm = layer.name() + ".1.";
    double[] scale = scale(state.numbers(norm + "weight"), state.numbers(norm + "running_var"));
    float[] weight = scaled(state.numbers(layer.name() + ".0.weight"), scale);
    float[] shift =
        shift(state.numbers(norm + "bias"), scale, state.numbers(norm + "running_mean"));
    int kernel = layer.kernel();
    int in = layer.in() / layer.groups();
    folded.put(layer.name() + ".weight", Tensor.of(weight, layer.out(), in, kernel, kernel));
    folded.put(layer.name() + ".bias", Tensor.of(shift, layer.out()));
  }

  private void fold(Gate gate) {
    copy(gate.down(), gate.squeezed(), gate.channels());
    copy(gate.up(), gate.channels(), gate.squeezed());
  }

  private void copy(String layer, int out, int in) {
    folded.put(layer + ".weight", Tensor.of(state.numbers(layer + ".weight"), out, in));
    folded.put(layer + ".bias", Tensor.of(state.numbers(layer + ".bias"), out));
  }

  private void fold(Attention attention) {
    int channels = attention.channels();
    float[] matrix = state.numbers(attention.weight());
    float[] left = state.numbers(attention.left());
    float[] right = state.numbers(attention.right());
    double largest = 0;
    for (int i = 0; i < matrix.length; i++) {
      largest += (double) matrix[i] * left[i / channels] * right[i % channels];
    }
    double factor = state.numbers(attention.gamma())[0] / largest;
    float[] scaled = new float[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      scaled[i] = (float) (matrix[i] * factor);
    }
    folded.put(attention.weight(), Tensor.of(scaled, channels, channels));
  }

  private static double[] scale(float[] weight, float[] variance) {
    double[] scale = new double[weight.length];
    for (int c = 0; c < scale.length; c++) {
      scale[c] = weight[c] / Math.sqrt(variance[c] + EPSILON);
    }
    return scale;
  }

  private static float[] scaled(float[] weight, double[] scale) {
    float[] scaled = new float[weight.length];
    int perChannel = weight.length / scale.length;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) (weight[i] * scale[i / perChannel]);
    }
    return scaled;
  }

  private static float[] shift(float[] bias, double[] scale, float[] mean) {
    float[] shift = new float[bias.length];
    for (int c = 0; c < shift.length; c++) {
      shift[c] = (float) (bias[c] - scale[c] * mean[c]);
    }
    return shift;
  }
}
