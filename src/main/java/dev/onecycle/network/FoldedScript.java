package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.Locale;

/**
 * The TorchScript of an {@link Architecture} whose norms are folded into its convolutions, for
 * every device. Two methods, both of pictures [N, S, S, 3] float32 and of tensors as {@link
 * Folding#of} gives them:
 *
 * <ul>
 *   <li>{@code pack} gives these tensors, as copies, in the precision and form that the other
 *       wants;
 *   <li>{@code logits} gives [N, classes] float32.
 * </ul>
 */
class FoldedScript extends NetworkScript {

  private final int head;
  private boolean packing;

  FoldedScript(Architecture architecture, DType precision) {
    super(architecture, precision);
    head = 2 * architecture.convLayers().size();
  }

  /** Returns both methods. */
  final String write() {
    packing = true;
    method("pack(self, x: Tensor, w: List[Tensor]) -> List[Tensor]");
    walk();
    set(head, copy(head, DType.FLOAT32));
    set(head + 1, copy(head + 1, DType.FLOAT32));
    line("return w");
    packing = false;
    method("logits(self, x: Tensor, w: List[Tensor]) -> Tensor");
    walk();
    line(
        "return torch.linear(torch.to(x, %d), w[%d], w[%d])",
        DType.FLOAT32.scriptCode(), head, head + 1);
    return text();
  }

  private void walk() {
    line("x = %s", cast("torch.permute(x, [0, 3, 1, 2])"));
    features();
  }

  @Override
  void conv(String x, ConvLayer layer) {
    pack(x, layer);
    line(
        "%1$s = torch.conv2d(%1$s, %2$s, [%3$d, %3$d], [%4$d, %4$d])",
        x, weights(layer), layer.stride(), layer.padding());
  }

  /** Returns the arguments weight and bias of a convolution. */
  final String weights(ConvLayer layer) {
    int w = 2 * index(layer);
    return "w[" + w + "], w[" + (w + 1) + "]";
  }

  /** Writes, in the method that packs, how the weights of a convolution of {@code x} are. */
  final void pack(String x, ConvLayer layer) {
    if (packing) {
      int w = 2 * index(layer);
      set(w, packed("torch.contiguous(" + copy(w, precision()) + ", memory_format=2)", x, layer));
      set(w + 1, copy(w + 1, precision()));
    }
  }

  /** Returns the best form of a weight, given as an expression of it with its channels last. */
  String packed(String weight, String x, ConvLayer layer) {
    return weight;
  }

  private void set(int i, String value) {
    line("_%1$d = torch._set_item(w, %1$d, %2$s)", i, value);
  }

  /**
   * Writes a weight in new memory also where nothing changes: the old one ends with the tensor
   * given by Java.
   */
  private static String copy(int i, DType type) {
    return String.format(Locale.ROOT, "torch.to(w[%d], %d, False, True)", i, type.scriptCode());
  }
}
