package dev.onecycle.network;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Gate;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * The TorchScript of an {@link Architecture}'s walk from pictures to features. Where its numbers
 * come from, and what a convolution and its norm become, is left to each kind of script.
 */
abstract class NetworkScript {

  private final Architecture architecture;
  private final DType precision;
  private final StringBuilder text = new StringBuilder();

  NetworkScript(Architecture architecture, DType precision) {
    this.architecture = architecture;
    this.precision = precision;
  }

  /** Writes {@code x = norm(convolution(x))}. */
  abstract void conv(String x, ConvLayer layer);

  /** Returns the matrix and the bias of one of a gate's two layers, in the network's precision. */
  abstract Affine affine(String layer, int out, int in);

  /** Writes what {@link #attend} needs, and returns the matrices it needs. */
  abstract Attending attending(Attention attention);

  /** Returns whether what goes into a layer must outlive it, for the backward pass. */
  abstract boolean training();

  /** Two expressions: [out, in] and [out]. */
  record Affine(String weight, String bias) {}

  /**
   * Two expressions, in the network's precision: the matrix divided by its largest singular value
   * [channels, channels], and the factor of what attention adds [1].
   */
  record Attending(String weight, String gamma) {}

  /** Writes {@code x} with each channel as often as the layer's convolution wants it. */
  final void repeat(String x, ConvLayer layer) {
    if (layer.repeats() > 1) {
      // Channels are innermost in memory: one pass copies them there. An expansion would be summed
      // up
      // again on the way back, which takes as long as all convolutions.
      line("p = torch.permute(%s, [0, 2, 3, 1])", x);
      String copies = String.join(", ", Collections.nCopies(layer.repeats(), "p"));
      line("p = torch.flatten(torch.stack([%s], 4), 3, 4)", copies);
      line("%s = torch.permute(p, [0, 3, 1, 2])", x);
    }
  }

  /** Writes {@code x = activation(norm(convolution(x)))}. */
  void convActivate(String x, ConvLayer layer) {
    conv(x, layer);
    activate(x);
  }

  /** Writes {@code x = activation(norm(convolution(y)) + x)}; neither old value is used again. */
  void convAddActivate(String y, String x, ConvLayer layer) {
    conv(y, layer);
    addActivate(y, x);
  }

  final void addActivate(String y, String x) {
    line("%1$s = torch.add_(%2$s, %1$s)", x, y);
    activate(x);
  }

  /** Writes {@code x = activation(x)}; the old value is not used again. */
  final void activate(String x) {
    if (activation() == Activation.MISH) {
      line("%1$s = self.%2$s(%1$s)", x, training() ? "mish_with_gradient" : "mish");
      return;
    }
    // What a ReLU did can be told from its result: it alone may write over its input in training.
    boolean inPlace = activation() == Activation.RELU || !training();
    line("%1$s = torch.%2$s%3$s(%1$s)", x, operator(activation()), inPlace ? "_" : "");
  }

  private static String operator(Activation activation) {
    return switch (activation) {
      case RELU -> "relu";
      case MISH -> "mish";
      case SILU -> "silu";
      case HARDSWISH -> "hardswish";
      case GELU -> "gelu";
    };
  }

  /** Writes the first line of a method and begins its body. */
  final void method(String signature) {
    text.append("def ").append(signature).append(":\n");
  }

  /** Writes the lines from x [N, 3, S, S] to x [N, features]. */
  final void features() {
    for (Layer layer : architecture.layers()) {
      if (layer instanceof ConvLayer conv) {
        convActivate("x", conv);
      } else if (layer instanceof Pool pool) {
        pool("x", pool);
      } else if (layer instanceof Block block) {
        block(block);
      }
    }
    line("x = %s", mean("x"));
  }

  /** Returns the mean of each channel, [N, channels]. */
  private static String mean(String x) {
    return "torch.flatten(torch.adaptive_avg_pool2d(" + x + ", [1, 1]), 1, -1)";
  }

  private void block(Block block) {
    List<ConvLayer> path = block.convPath();
    ConvLayer last = path.get(path.size() - 1);
    line("y = x");
    path.subList(0, path.size() - 1).forEach(layer -> convActivate("y", layer));
    if (block.pool() != null) {
      pool("x", block.pool());
    }
    if (block.identity() != null) {
      conv("x", block.identity());
    }
    if (block.gate() == null && block.attention() == null) {
      convAddActivate("y", "x", last);
      return;
    }
    conv("y", last);
    if (block.gate() != null) {
      gate("y", block.gate());
    }
    if (block.attention() != null) {
      attend("y", block.attention());
    }
    addActivate("y", "x");
  }

  /** Writes {@code x = pool(x)}. */
  void pool(String x, Pool pool) {
    switch (pool.kind()) {
      case MAX -> line("%1$s = torch.max_pool2d(%1$s, [3, 3], [2, 2], [1, 1])", x);
      case AVERAGE -> line("%1$s = torch.avg_pool2d(%1$s, [2, 2], [2, 2], [0, 0], True)", x);
      case MAX_BLUR -> blur(x);
    }
  }

  /**
   * Writes the largest of 3x3 and a blur that takes every second place: by 5x5 binomial weights and
   * the mean of 2x2, which together are 6 weights along each side. Both sides are blurred as a
   * product with a matrix, that of the mirrored edges too: a convolution of each channel by itself
   * takes several times as long, backward above all.
   */
  private void blur(String x) {
    line("%1$s = torch.max_pool2d(%1$s, [3, 3], [1, 1], [1, 1])", x);
    line("pictures, channels, height, width = torch.size(%s)", x);
    // A reflection needs more numbers than it mirrors.
    line("edges = \"reflect\" if min(height, width) > 3 else \"replicate\"");
    line("p = torch.flatten(torch.permute(%s, [0, 2, 3, 1]), 2, 3)", x);
    blurSide(x, "height", "pictures");
    line("p = torch.reshape(p, [-1, width, channels])");
    blurSide(x, "width", "torch.size(p, 0)");
    line("p = torch.reshape(p, [pictures, -1, torch.size(p, 1), channels])");
    line("%s = torch.permute(p, [0, 3, 1, 2])", x);
  }

  /** Writes the blur of p [batch, side, ...], by what becomes of each place by itself. */
  private void blurSide(String x, String side, String batch) {
    line("m = torch.eye(%s, dtype=%d, device=%s.device)", side, DType.FLOAT32.scriptCode(), x);
    line("m = torch.pad(m, [2, 2 + %s %% 2], edges)", side);
    line("u = torch.unbind(torch.unfold(m, 1, 6, 2), 2)");
    line("m = ((u[0] + u[5]) + (u[1] + u[4]) * 5 + (u[2] + u[3]) * 10) / 32");
    line("m = %s", cast("torch.t(m)"));
    line("p = torch.bmm(torch.expand(m, [%s, -1, -1]), p)", batch);
  }

  private void gate(String y, Gate gate) {
    Affine down = affine(gate.down(), gate.squeezed(), gate.channels());
    line("g = torch.linear(%s, %s, %s)", mean(y), down.weight, down.bias);
    activate("g");
    Affine up = affine(gate.up(), gate.channels(), gate.squeezed());
    line("g = torch.sigmoid(torch.linear(g, %s, %s))", up.weight, up.bias);
    line(
        "%1$s = torch.mul%2$s(%1$s, torch.view(g, [-1, %3$d, 1, 1]))",
        y, training() ? "" : "_", gate.channels());
  }

  private void attend(String y, Attention attention) {
    Attending matrices = attending(attention);
    line("p = torch.permute(%s, [0, 2, 3, 1])", y);
    line("a = torch.flatten(p, 1, 2)");
    line("q = torch.bmm(torch.transpose(a, 1, 2), a)");
    // (X X') (W X), transposed and the other way round: channels are fewer than places.
    line("q = torch.matmul(torch.t(%s), q)", matrices.weight);
    line("a = torch.baddbmm(a, a, torch.mul(q, %s))", matrices.gamma);
    line("%s = torch.permute(torch.view(a, torch.size(p)), [0, 3, 1, 2])", y);
    if (training()) {
      // Into memory of its own: an addition in place to what is but a view would lay the gradients
      // the other way round, and slow down all that is before it.
      line("%1$s = torch.clone(%1$s)", y);
    }
  }

  final Activation activation() {
    return architecture.activation();
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

  /** Returns all methods. */
  final String text() {
    if (activation() != Activation.MISH) {
      return text.toString();
    }
    return text + Mish.value() + Mish.withGradient();
  }
}
