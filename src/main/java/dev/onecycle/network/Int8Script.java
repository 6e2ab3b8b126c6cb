package dev.onecycle.network;

import static java.util.Objects.requireNonNull;

import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The folded TorchScript in whole numbers of 8 bits, for processors, by oneDNN: four of them are
 * multiplied where one float32 is. What is between the layers has 256 steps over its range, that of
 * {@link ActivationRanges}, and what is beyond is cut off; weights have 255 around 0, of a size for
 * each output channel. Sums have 32 bits, biases and the head are float32.
 *
 * <p>After "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference" (Jacob et al., 2018): the whole number n stands for {@code step * (n - zero)}.
 */
final class Int8Script extends FoldedScript {

  private static final Set<Activation> FUSED =
      Set.of(Activation.RELU, Activation.SILU, Activation.HARDSWISH);

  private static final int INT32 = 3;
  private static final int QUINT8 = 13;

  private static final int LARGEST_WEIGHT = 127;

  /** Of numbers that are all 0. */
  private static final double SMALLEST_STEP = 1e-9;

  /** What the numbers of a variable stand for. */
  private record Steps(double step, int zero) {

    /** 0 is met exactly: a convolution's edge is made of it. */
    static Steps over(double low, double high) {
      double from = Math.min(low, 0);
      double step = Math.max((Math.max(high, 0) - from) / 255, SMALLEST_STEP);
      return new Steps(step, (int) Math.round(-from / step));
    }

    /** Returns the arguments scale and zero point. */
    @Override
    public String toString() {
      return step + ", " + zero;
    }
  }

  private final ActivationRanges ranges;
  private final int named;

  /** Of x and y, as far as the method is written. */
  private final Map<String, Steps> steps = new HashMap<>();

  /** How many ranges are used so far, and how many tensors stand behind those with names. */
  private int used;

  private int kept;

  /**
   * Makes one of an architecture that it {@link #knows}.
   *
   * @throws IllegalArgumentException unless the ranges are of the architecture
   */
  Int8Script(Architecture architecture, ActivationRanges ranges) {
    super(architecture, DType.FLOAT32);
    if (!knows(architecture) || !ranges.areOf(architecture)) {
      throw new IllegalArgumentException("no 8-bit form of " + architecture.name());
    }
    this.ranges = ranges;
    named = FoldedWeights.names(architecture).size();
  }

  /** Returns whether there is such a form: oneDNN adds up and activates at once by a ReLU alone. */
  static boolean knows(Architecture architecture) {
    return FUSED.contains(architecture.activation())
        && architecture.layers().stream().allMatch(layer -> knows(architecture, layer));
  }

  private static boolean knows(Architecture architecture, Layer layer) {
    if (layer instanceof Block block) {
      return block.gate() == null
          && block.attention() == null
          && (block.pool() == null || knows(architecture, block.pool()))
          && architecture.activation() == Activation.RELU;
    }
    return !(layer instanceof Pool pool) || pool.kind() != Pool.Kind.MAX_BLUR;
  }

  @Override
  void input(String pictures) {
    used = 0;
    kept = 0;
    Steps in = next();
    line("x = torch.int_repr(torch.quantize_per_tensor(%s, %s, %d))", pictures, in, QUINT8);
    steps.put("x", in);
  }

  private Steps next() {
    int place = used++;
    return Steps.over(ranges.low().get(place), ranges.high().get(place));
  }

  private Steps of(String x) {
    return requireNonNull(steps.get(x), x);
  }

  @Override
  void fork(String y, String x) {
    super.fork(y, x);
    steps.put(y, of(x));
  }

  @Override
  void conv(String x, ConvLayer layer) {
    convolution(x, layer, FusedScript.NONE);
  }

  @Override
  void convActivate(String x, ConvLayer layer) {
    convolution(x, layer, requireNonNull(FusedScript.fused(activation())));
  }

  private void convolution(String x, ConvLayer layer, String then) {
    repeat(x, layer);
    String arguments = packed(x, layer);
    Steps out = next();
    line(
        "%1$s = ops.onednn.qconv2d_pointwise(%1$s, %2$s, %3$s, %4$s, %5$s, %6$s, %7$d, %8$s)",
        x,
        of(x),
        arguments,
        weight(layer.name() + ".bias"),
        geometry(layer),
        out,
        DType.UINT8.scriptCode(),
        then);
    steps.put(x, out);
  }

  @Override
  void convAddActivate(String y, String x, ConvLayer layer) {
    String arguments = packed(y, layer);
    Steps out = next();
    line(
        "%1$s = ops.onednn.qconv2d_pointwise(%2$s, %3$s, %4$s, %1$s, %5$s, %6$s, %7$s, %8$d, %9$s,"
            + " \"sum\", 1., %10$s)",
        x,
        y,
        of(y),
        arguments,
        weight(layer.name() + ".bias"),
        geometry(layer),
        out,
        DType.UINT8.scriptCode(),
        of(x),
        requireNonNull(FusedScript.fused(activation())));
    steps.put(x, out);
  }

  /**
   * Writes, in the method that packs, the weights of a convolution of {@code x} as whole numbers,
   * and returns the arguments weight, its steps and its zeros.
   */
  private String packed(String x, ConvLayer layer) {
    String weight = layer.name() + ".weight";
    String bias = layer.name() + ".bias";
    if (packing()) {
      line("f = %s", weight(weight));
      line("s = torch.clamp_min(torch.amax(torch.abs(f), [1, 2, 3]), %s)", SMALLEST_STEP);
      line("s = torch.div(s, %d.)", LARGEST_WEIGHT);
      line("f = torch.round(torch.div(f, torch.view(s, [-1, 1, 1, 1])))");
      set(weight, prepacked("torch.to(f, " + DType.INT8.scriptCode() + ")", x, geometry(layer)));
      set(bias, copy(bias, DType.FLOAT32));
    }
    return weight(weight) + ", " + keep("s") + ", " + keep(zeros(layer.out()));
  }

  private String prepacked(String weight, String x, String geometry) {
    return String.format(
        Locale.ROOT,
        "ops.onednn.qconv_prepack(%1$s, s, %2$s, %3$s, torch.size(%4$s))",
        weight,
        of(x),
        geometry,
        x);
  }

  private static String zeros(int channels) {
    return String.format(Locale.ROOT, "torch.zeros([%d], dtype=%d)", channels, INT32);
  }

  /** Writes, in the method that packs, a tensor more, and returns it. */
  private String keep(String value) {
    if (packing()) {
      line("_kept = torch.append(w, %s)", value);
    }
    return "w[" + (named + kept++) + "]";
  }

  /** Returns the arguments stride, padding, dilation and groups. */
  private static String geometry(ConvLayer layer) {
    return String.format(
        Locale.ROOT,
        "[%1$d, %1$d], [%2$d, %2$d], [1, 1], %3$d",
        layer.stride(),
        layer.padding(),
        layer.groupsOfRepeated());
  }

  /** What a pool gives has the steps of what it takes. */
  @Override
  void pool(String x, Pool pool) {
    switch (pool.kind()) {
      case MAX -> largest(x);
      case AVERAGE -> average(x, pool.channels());
      case MAX_BLUR -> throw new IllegalStateException("no blur in 8 bits. This is a bug.");
    }
  }

  /**
   * Bytes have no average: a convolution of each channel by itself makes it. Of a side that is odd
   * the last place comes twice, as the mean of less than 2x2 is.
   */
  private void average(String x, int channels) {
    for (int side = 2; side <= 3; side++) {
      line("h = torch.size(%s, %d)", x, side);
      line("p = torch.slice(%s, %d, h - 1, h)", x, side);
      line("%1$s = torch.cat([%1$s, p], %2$d) if h %% 2 == 1 else %1$s", x, side);
    }
    String geometry = "[2, 2], [0, 0], [1, 1], " + channels;
    if (packing()) {
      line("s = torch.full([%d], 0.25)", channels);
      line("f = torch.ones([%d, 1, 2, 2], dtype=%d)", channels, DType.INT8.scriptCode());
    }
    String weight = keep(prepacked("f", x, geometry));
    line(
        "%1$s = ops.onednn.qconv2d_pointwise(%1$s, %2$s, %3$s, %4$s, %5$s, None, %6$s, %2$s, %7$d,"
            + " %8$s)",
        x,
        of(x),
        weight,
        keep("s"),
        keep(zeros(channels)),
        geometry,
        DType.UINT8.scriptCode(),
        FusedScript.NONE);
  }

  @Override
  void means(String x) {
    line("x = torch.mean(torch.to(%s, %d), [2, 3])", x, DType.FLOAT32.scriptCode());
    line("x = torch.mul(torch.sub(x, %d), %s)", of(x).zero, of(x).step);
  }
}
