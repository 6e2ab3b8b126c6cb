package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The folded TorchScript for processors that have no {@link PrimitiveForm}, by the oneDNN that is
 * in the engine: bias, addition and activation happen in the convolution's own pass over memory,
 * where it knows them, and weights lie as it reads them for as many pictures of the size that they
 * were packed with. Others give the same logits, slower where it would have them otherwise.
 */
final class FusedScript extends FoldedScript {

  /** Of what follows the convolution: a ReLU has none. */
  private static final String NO_SETTINGS = "annotate(List[Optional[number]], []), \"\"";

  private static final String NONE = "\"none\", " + NO_SETTINGS;

  FusedScript(Architecture architecture, DType precision) {
    super(architecture, precision);
  }

  @Override
  void conv(String x, ConvLayer layer) {
    convolution(x, layer, NONE);
  }

  @Override
  void convActivate(String x, ConvLayer layer) {
    String fused = fused(activation());
    convolution(x, layer, fused == null ? NONE : fused);
    if (fused == null) {
      activate(x);
    }
  }

  /**
   * Returns how oneDNN calls an activation, with the arguments after it; null where it has none.
   */
  private static @Nullable String fused(Activation activation) {
    return switch (activation) {
      case RELU -> "\"relu\", " + NO_SETTINGS;
      case SILU -> "\"swish\", " + NO_SETTINGS;
      case HARDSWISH -> "\"hardswish\", " + NO_SETTINGS;
      case GELU -> "\"gelu\", annotate(List[Optional[number]], []), \"none\"";
      case MISH -> null;
    };
  }

  private void convolution(String x, ConvLayer layer, String then) {
    repeat(x, layer);
    pack(x, layer);
    line(
        "%1$s = ops.mkldnn._convolution_pointwise(%1$s, %2$s, %3$s, %4$s)",
        x, weights(layer.name()), geometry(layer), then);
  }

  /** After an addition oneDNN knows the ReLU alone. */
  @Override
  void convAddActivate(String y, String x, ConvLayer layer) {
    boolean relu = activation() == Activation.RELU;
    pack(y, layer);
    line(
        "%1$s = ops.mkldnn._convolution_pointwise_(%1$s, %2$s, %3$s, %4$s, \"add\", 1., %5$s, %6$s)",
        x, y, weights(layer.name()), geometry(layer), relu ? "\"relu\"" : "None", NO_SETTINGS);
    if (!relu) {
      activate(x);
    }
  }

  @Override
  void pool(String x, Pool pool) {
    if (pool.kind() == Pool.Kind.MAX) {
      largest(x);
    } else {
      super.pool(x, pool);
    }
  }

  /**
   * Writes {@code x = the largest of 3x3 around every second place}, a side at a time: the engine's
   * own pool for processors looks at nine numbers for each, and notes which it was.
   */
  private void largest(String x) {
    for (int side = 2; side <= 3; side++) {
      line("e = torch.slice(%s, %d, 0, None, 2)", x, side);
      line("o = torch.slice(%s, %d, 1, None, 2)", x, side);
      line(
          "o = torch.cat([o, torch.slice(e, %1$d, -1)], %1$d) if torch.size(%2$s, %1$d) %% 2 == 1"
              + " else o",
          side, x);
      line("%s = torch.maximum(e, o)", x);
      line("e = torch.slice(%s, %d, 1)", x, side);
      line("e = torch.maximum(e, torch.slice(o, %d, 0, -1), out=e)", side);
    }
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
        Locale.ROOT,
        "[%1$d, %1$d], [%2$d, %2$d], [1, 1], %3$d",
        layer.padding(),
        layer.stride(),
        layer.groupsOfRepeated());
  }
}
