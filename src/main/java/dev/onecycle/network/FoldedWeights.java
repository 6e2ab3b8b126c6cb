package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The folding of norms into the convolutions before them. With running statistics a norm is {@code
 * scale * y + shift}, where {@code scale = weight / sqrt(variance + epsilon)} and {@code shift =
 * bias - scale * mean}: so the convolution's weights are multiplied by scale, and shift is its
 * bias.
 */
final class FoldedWeights {

  private static final double EPSILON = 1e-5;

  private FoldedWeights() {}

  /**
   * Returns weight [out, in, kernel, kernel] and bias [out] of every convolution in the order of
   * the state dict, then the head's; all float32 on the thread's device.
   */
  static List<Tensor> of(StateDict state) {
    Layout layout = state.layout();
    List<Tensor> folded = new ArrayList<>();
    for (ConvLayer layer : layout.architecture().convLayers()) {
      String norm = layer.name() + ".1.";
      double[] scale = scale(state.numbers(norm + "weight"), state.numbers(norm + "running_var"));
      float[] weight = scaled(state.numbers(layer.name() + ".0.weight"), scale);
      float[] shift =
          shift(state.numbers(norm + "bias"), scale, state.numbers(norm + "running_mean"));
      int kernel = layer.kernel();
      folded.add(Tensor.of(weight, layer.out(), layer.in(), kernel, kernel));
      folded.add(Tensor.of(shift, layer.out()));
    }
    int features = layout.architecture().features();
    folded.add(Tensor.of(state.numbers("11.weight"), layout.classes(), features));
    folded.add(Tensor.of(state.numbers("11.bias"), layout.classes()));
    return folded;
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
