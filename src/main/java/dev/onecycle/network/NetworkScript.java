package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.List;
import java.util.Locale;

/**
 * The TorchScript of an {@link Architecture}'s walk from pictures to features. What a convolution
 * and its norm become is left to each kind of script.
 */
abstract class NetworkScript {

  private final Architecture architecture;
  private final List<ConvLayer> layers;
  private final DType precision;
  private final StringBuilder text = new StringBuilder();

  NetworkScript(Architecture architecture, DType precision) {
    this.architecture = architecture;
    this.precision = precision;
    layers = architecture.convLayers();
  }

  /** Writes {@code x = norm(convolution(x))}. */
  abstract void conv(String x, ConvLayer layer);

  /** Writes {@code x = relu(norm(convolution(x)))}. */
  void convRelu(String x, ConvLayer layer) {
    conv(x, layer);
    line("%1$s = torch.relu_(%1$s)", x);
  }

  /** Writes {@code x = relu(norm(convolution(y)) + x)}; neither old value is used again. */
  void convAddRelu(String y, String x, ConvLayer layer) {
    conv(y, layer);
    line("%1$s = torch.relu_(torch.add_(%2$s, %1$s))", x, y);
  }

  /** Writes the first line of a method and begins its body. */
  final void method(String signature) {
    text.append("def ").append(signature).append(":\n");
  }

  /** Writes the lines from x [N, 3, S, S] to x [N, features]. */
  final void features() {
    architecture.stem().forEach(layer -> convRelu("x", layer));
    line("x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])");
    architecture.blocks().forEach(this::block);
    line("x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1, -1)");
  }

  private void block(Architecture.Block block) {
    List<ConvLayer> path = block.convPath();
    int last = path.size() - 1;
    line("y = x");
    path.subList(0, last).forEach(layer -> convRelu("y", layer));
    if (block.pool()) {
      line("x = torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], True)");
    }
    if (block.identity() != null) {
      conv("x", block.identity());
    }
    convAddRelu("y", "x", path.get(last));
  }

  /** Returns the place of a convolution in the state dict, counting convolutions only. */
  final int index(ConvLayer layer) {
    return layers.indexOf(layer);
  }

  /** Returns what convolutions compute in. */
  final DType precision() {
    return precision;
  }

  /** Returns the expression {@code x} in the convolutions' precision. */
  final String cast(String x) {
    return precision == DType.FLOAT32 ? x : "torch.to(" + x + ", " + precision.scriptCode() + ")";
  }

  final void line(String format, Object... arguments) {
    text.append("  ").append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  final String text() {
    return text.toString();
  }
}
