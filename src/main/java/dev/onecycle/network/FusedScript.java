package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.Locale;

/**
 * The folded TorchScript for processors, by oneDNN: bias, addition and ReLU happen in the
 * convolution's own pass over memory, and weights lie as it reads them for as many pictures of the
 * size that they were packed with. Others give the same logits, slower where it would have them
 * otherwise.
 */
final class FusedScript extends FoldedScript {

  /** Of what follows the convolution: a ReLU has none. */
  private static final String NO_SETTINGS = "annotate(List[Optional[number]], []), \"\"";

  FusedScript(Architecture architecture, DType precision) {
    super(architecture, precision);
  }

  @Override
  void conv(String x, ConvLayer layer) {
    convolution(x, layer, "none");
  }

  @Override
  void convRelu(String x, ConvLayer layer) {
    convolution(x, layer, "relu");
  }

  private void convolution(String x, ConvLayer layer, String then) {
    pack(x, layer);
    line(
        "%1$s = ops.mkldnn._convolution_pointwise(%1$s, %2$s, %3$s, \"%4$s\", %5$s)",
        x, weights(layer), geometry(layer), then, NO_SETTINGS);
  }

  @Override
  void convAddRelu(String y, String x, ConvLayer layer) {
    pack(y, layer);
    line(
        "%1$s = ops.mkldnn._convolution_pointwise_(%1$s, %2$s, %3$s, %4$s, %5$s, %6$s)",
        x, y, weights(layer), geometry(layer), "\"add\", 1., \"relu\"", NO_SETTINGS);
  }

  @Override
  String packed(String weight, String x, ConvLayer layer) {
    return String.format(
        Locale.ROOT,
        "ops.mkldnn._reorder_convolution_weight(%s, %s, torch.size(%s))",
        weight,
        geometry(layer),
        x);
  }

  /** Returns the arguments padding, stride, dilation and groups. */
  private static String geometry(ConvLayer layer) {
    return String.format(
        Locale.ROOT, "[%1$d, %1$d], [%2$d, %2$d], [1, 1], 1", layer.padding(), layer.stride());
  }
}
