package dev.onecycle.network;

import dev.onecycle.torch.DType;
import java.util.List;

/**
 * Writes an {@link Architecture} as TorchScript: one method for training, whose norms use the
 * batch's statistics and move the running ones, and one for evaluation.
 *
 * <p>Pictures arrive as [N, S, S, 3] float32 and leave as logits [N, classes] float32. In bfloat16
 * the convolutions compute in it; norms, biases and the head stay float32.
 */
final class ForwardScript {

  private final Packing packing;
  private final Architecture architecture;
  private final DType precision;
  private final StringBuilder text = new StringBuilder();
  private boolean training;
  private int convolution;

  private ForwardScript(Layout layout, Packing packing, DType precision) {
    this.packing = packing;
    this.architecture = layout.architecture();
    this.precision = precision;
  }

  /** Methods {@code train} and {@code evaluate} of (pictures, decayed, plain, statistics). */
  static String of(Layout layout, Packing packing, DType precision) {
    ForwardScript script = new ForwardScript(layout, packing, precision);
    script.method("train", true);
    script.method("evaluate", false);
    return script.text.toString();
  }

  private void method(String name, boolean training) {
    this.training = training;
    convolution = 0;
    text.append("def ")
        .append(name)
        .append("(self, x: Tensor, decayed: Tensor, plain: Tensor, statistics: Tensor)")
        .append(" -> Tensor:\n");
    line("w = torch.split_with_sizes(%s, %s)", cast("decayed"), Packing.sizes(packing.decayed()));
    line("n = torch.split_with_sizes(plain, %s)", Packing.sizes(packing.plain()));
    line("s = torch.split_with_sizes(statistics, %s)", Packing.sizes(packing.statistics()));
    line("x = torch.permute(x, [0, 3, 1, 2])");
    if (packing.format() == MemoryFormat.CONTIGUOUS) {
      line("x = torch.contiguous(x)");
    }
    line("x = %s", cast("x"));
    architecture.stem().forEach(conv -> convNormRelu("x", conv));
    line("x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1])");
    architecture.blocks().forEach(this::block);
    line("x = torch.flatten(torch.adaptive_avg_pool2d(x, [1, 1]), 1, -1)");
    head();
  }

  private void block(Architecture.Block block) {
    List<Architecture.ConvLayer> path = block.convPath();
    line("y = x");
    for (Architecture.ConvLayer conv : path.subList(0, path.size() - 1)) {
      convNormRelu("y", conv);
    }
    convNorm("y", path.get(path.size() - 1));
    if (block.pool()) {
      line("x = torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], True)");
    }
    if (block.identity() != null) {
      convNorm("x", block.identity());
    }
    line("x = torch.relu_(torch.add_(y, x))");
  }

  private void convNormRelu(String x, Architecture.ConvLayer conv) {
    convNorm(x, conv);
    line("%s = torch.relu_(%s)", x, x);
  }

  private void convNorm(String x, Architecture.ConvLayer conv) {
    int i = convolution++;
    int stride = conv.stride();
    int padding = conv.padding();
    line(
        "%s = torch.conv2d(%s, %s, None, [%d, %d], [%d, %d])",
        x, x, kernel(conv, i), stride, stride, padding, padding);
    line(
        "%s = torch.batch_norm(%s, n[%d], n[%d], s[%d], s[%d], %s, 0.1, 1e-05, True)",
        x, x, 2 * i, 2 * i + 1, 2 * i, 2 * i + 1, training ? "True" : "False");
  }

  private String kernel(Architecture.ConvLayer conv, int i) {
    int k = conv.kernel();
    return packing.format() == MemoryFormat.CHANNELS_LAST
        ? "torch.permute(torch.view(w[%d], [%d, %d, %d, %d]), [0, 3, 1, 2])"
            .formatted(i, conv.out(), k, k, conv.in())
        : "torch.view(w[%d], [%d, %d, %d, %d])".formatted(i, conv.out(), conv.in(), k, k);
  }

  private void head() {
    int weight = packing.decayed().size() - 1;
    int bias = packing.plain().size() - 1;
    line(
        "return torch.linear(torch.to(x, %d), torch.view(torch.to(w[%d], %d), [-1, %d]), n[%d])",
        DType.FLOAT32.scriptCode(),
        weight,
        DType.FLOAT32.scriptCode(),
        architecture.features(),
        bias);
  }

  private String cast(String x) {
    return precision == DType.FLOAT32 ? x : "torch.to(" + x + ", " + precision.scriptCode() + ")";
  }

  private void line(String format, Object... arguments) {
    text.append("  ").append(format.formatted(arguments)).append('\n');
  }
}
