package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.Locale;

/**
 * The TorchScript of an {@link Architecture} for training: one method whose norms use the batch's
 * statistics and move the running ones, and one for evaluation in between.
 *
 * <p>Pictures arrive as [N, S, S, 3] float32 and leave as logits [N, classes] float32. In bfloat16
 * the convolutions compute in it; norms, biases and the head stay float32.
 */
final class ForwardScript extends NetworkScript {

  private final FlatLayout flat;
  private final int features;
  private boolean training;

  private ForwardScript(Layout layout, FlatLayout flat, DType precision) {
    super(layout.architecture(), precision);
    this.flat = flat;
    features = layout.architecture().features();
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
    features();
    head();
  }

  @Override
  void conv(String x, ConvLayer layer) {
    int i = index(layer);
    int stride = layer.stride();
    int padding = layer.padding();
    line(
        "%s = torch.conv2d(%s, %s, None, [%d, %d], [%d, %d])",
        x, x, kernel(layer, i), stride, stride, padding, padding);
    line(
        "%s = torch.batch_norm(%s, n[%d], n[%d], s[%d], s[%d], %s, 0.1, 1e-05, True)",
        x, x, 2 * i, 2 * i + 1, 2 * i, 2 * i + 1, training ? "True" : "False");
  }

  private String kernel(ConvLayer layer, int i) {
    int k = layer.kernel();
    return flat.format() == MemoryFormat.CHANNELS_LAST
        ? String.format(
            Locale.ROOT,
            "torch.permute(torch.view(w[%d], [%d, %d, %d, %d]), [0, 3, 1, 2])",
            i,
            layer.out(),
            k,
            k,
            layer.in())
        : String.format(
            Locale.ROOT, "torch.view(w[%d], [%d, %d, %d, %d])", i, layer.out(), layer.in(), k, k);
  }

  private void head() {
    int weight = flat.decayed().size() - 1;
    int bias = flat.plain().size() - 1;
    line(
        "return torch.linear(torch.to(x, %d), torch.view(torch.to(w[%d], %d), [-1, %d]), n[%d])",
        DType.FLOAT32.scriptCode(), weight, DType.FLOAT32.scriptCode(), features, bias);
  }
}
