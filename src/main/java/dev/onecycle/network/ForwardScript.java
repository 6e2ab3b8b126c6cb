package dev.onecycle.network;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The TorchScript of an {@link Architecture} for training: one method whose norms use the batch's
 * statistics and move the running ones, and one for evaluation in between.
 *
 * <p>Pictures arrive as [N, S, S, 3] float32 and leave as logits [N, classes] float32. In bfloat16
 * the convolutions, gates and attentions compute in it; norms and the head stay float32.
 */
final class ForwardScript extends NetworkScript {

  private final Architecture architecture;
  private final FlatLayout flat;
  private boolean training;

  private ForwardScript(Layout layout, FlatLayout flat, DType precision) {
    super(layout.architecture(), precision);
    architecture = layout.architecture();
    this.flat = flat;
  }

  /**
   * Returns methods {@code train} and {@code evaluate} of (pictures, decayed, plain, statistics).
   */
  static String of(Layout layout, FlatLayout flat, DType precision) {
    ForwardScript script = new ForwardScript(layout, flat, precision);
    script.forward("train", true);
    script.forward("evaluate", false);
    return script.text();
  }

  private void forward(String name, boolean training) {
    this.training = training;
    method(
        name + "(self, x: Tensor, decayed: Tensor, plain: Tensor, statistics: Tensor) -> Tensor");
    line("w = torch.split_with_sizes(%s, %s)", cast("decayed"), FlatLayout.sizes(flat.decayed()));
    line("n = torch.split_with_sizes(plain, %s)", FlatLayout.sizes(flat.plain()));
    line("s = torch.split_with_sizes(statistics, %s)", FlatLayout.sizes(flat.statistics()));
    line("x = torch.permute(x, [0, 3, 1, 2])");
    if (flat.format() == MemoryFormat.CONTIGUOUS) {
      line("x = torch.contiguous(x)");
    }
    line("x = %s", cast("x"));
    if (training) {
      architecture.blocks().stream()
          .map(Block::attention)
          .filter(Objects::nonNull)
          .forEach(this::iterate);
    }
    features();
    head();
  }

  @Override
  boolean training() {
    return training;
  }

  @Override
  void conv(String x, ConvLayer layer) {
    repeat(x, layer);
    line(
        "%1$s = torch.conv2d(%1$s, %2$s, None, [%3$d, %3$d], [%4$d, %4$d], [1, 1], %5$d)",
        x, kernel(layer), layer.stride(), layer.padding(), layer.groupsOfRepeated());
    String norm = layer.name() + ".1.";
    line(
        "%1$s = torch.batch_norm(%1$s, %2$s, %3$s, %4$s, %5$s, %6$s, 0.1, 1e-05, True)",
        x,
        plain(norm + "weight"),
        plain(norm + "bias"),
        statistic(norm + "running_mean"),
        statistic(norm + "running_var"),
        training ? "True" : "False");
  }

  private String kernel(ConvLayer layer) {
    String weight = decayed(layer.name() + ".0.weight");
    int out = layer.out();
    int in = layer.in() / layer.groups();
    int k = layer.kernel();
    return flat.format() == MemoryFormat.CHANNELS_LAST
        ? "torch.permute(" + view(weight, out, k, k, in) + ", [0, 3, 1, 2])"
        : view(weight, out, in, k, k);
  }

  @Override
  Affine affine(String layer, int out, int in) {
    return new Affine(view(decayed(layer + ".weight"), out, in), cast(plain(layer + ".bias")));
  }

  /**
   * Writes one step of power iteration, which moves both vectors: before any norm remembers a view
   * of the statistics, since autograd lets nobody write to what it will read.
   */
  private void iterate(Attention attention) {
    String left = statistic(attention.left());
    String right = statistic(attention.right());
    line("m = torch.detach(%s)", matrix(attention));
    line("t = torch.mv(torch.t(m), %s)", left);
    line("t = torch.copy_(%s, torch.div(t, torch.clamp_min(torch.norm(t), 1e-12)))", right);
    line("t = torch.mv(m, t)");
    line("t = torch.copy_(%s, torch.div(t, torch.clamp_min(torch.norm(t), 1e-12)))", left);
  }

  @Override
  Attending attending(Attention attention) {
    line("m = %s", matrix(attention));
    line(
        "m = torch.div(m, torch.dot(%s, torch.mv(m, %s)))",
        statistic(attention.left()), statistic(attention.right()));
    return new Attending(cast("m"), decayed(attention.gamma()));
  }

  private String matrix(Attention attention) {
    String weight = view(decayed(attention.weight()), attention.channels(), attention.channels());
    return float32(weight);
  }

  private void head() {
    String weight = float32(decayed(architecture.head() + ".weight"));
    line(
        "return torch.linear(%s, %s, %s)",
        float32("x"),
        view(weight, -1, architecture.features()),
        plain(architecture.head() + ".bias"));
  }

  private static String float32(String x) {
    return "torch.to(" + x + ", " + DType.FLOAT32.scriptCode() + ")";
  }

  /** Returns a weight, in the convolutions' precision. */
  private String decayed(String entry) {
    return "w[" + FlatLayout.place(flat.decayed(), entry) + "]";
  }

  private String plain(String entry) {
    return "n[" + FlatLayout.place(flat.plain(), entry) + "]";
  }

  private String statistic(String entry) {
    return "s[" + FlatLayout.place(flat.statistics(), entry) + "]";
  }

  private static String view(String x, Integer... shape) {
    return String.format(Locale.ROOT, "torch.view(%s, %s)", x, List.of(shape));
  }
}
