package dev.onecycle.network;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.torch.DType;
import java.util.List;
import java.util.Locale;

/**
 * The TorchScript of an {@link Architecture} whose norms are folded into its convolutions, for
 * every device. Two methods, both of pictures [N, S, S, 3] float32 and of tensors as {@link
 * FoldedWeights#of} gives them:
 *
 * <ul>
 *   <li>{@code pack} gives these tensors, as copies, in the precision and form that the other
 *       wants, and maybe others after them;
 *   <li>{@code logits} gives [N, classes] float32, and maybe others after it.
 * </ul>
 */
class FoldedScript extends NetworkScript {

  private final List<String> names;
  private final String head;
  private boolean packing;

  FoldedScript(Architecture architecture, DType precision) {
    super(architecture, precision);
    names = FoldedWeights.names(architecture);
    head = architecture.head();
  }

  /** Returns both methods. */
  final String write() {
    packing = true;
    method("pack(self, x: Tensor, w: List[Tensor]) -> List[Tensor]");
    walk();
    copyBoth(head, DType.FLOAT32);
    line("return w");
    packing = false;
    method("logits(self, x: Tensor, w: List[Tensor]) -> List[Tensor]");
    walk();
    line("x = torch.linear(torch.to(x, %d), %s)", DType.FLOAT32.scriptCode(), weights(head));
    line("return [%s]", answer("x"));
    return text();
  }

  /** Returns what {@code logits} gives, the logits first. */
  String answer(String logits) {
    return logits;
  }

  private void walk() {
    input("torch.permute(x, [0, 3, 1, 2])");
    features();
  }

  /** Writes as x what the first layer reads of pictures [N, 3, S, S] float32. */
  void input(String pictures) {
    line("x = %s", cast(pictures));
  }

  @Override
  boolean training() {
    return false;
  }

  @Override
  void conv(String x, ConvLayer layer) {
    repeat(x, layer);
    pack(x, layer);
    line(
        "%1$s = torch.conv2d(%1$s, %2$s, [%3$d, %3$d], [%4$d, %4$d], [1, 1], %5$d)",
        x, weights(layer.name()), layer.stride(), layer.padding(), layer.groupsOfRepeated());
  }

  @Override
  final Affine affine(String layer, int out, int in) {
    copyBoth(layer, precision());
    return new Affine(weight(layer + ".weight"), weight(layer + ".bias"));
  }

  /** The factor is in the matrix. */
  @Override
  final Attending attending(Attention attention) {
    if (packing) {
      set(attention.weight(), copy(attention.weight(), precision()));
    }
    return new Attending(weight(attention.weight()), "1.");
  }

  /** Returns the arguments weight and bias of a layer. */
  final String weights(String layer) {
    return weight(layer + ".weight") + ", " + weight(layer + ".bias");
  }

  /** Returns a tensor by its name among {@link FoldedWeights#names}. */
  private String weight(String name) {
    return "w[" + names.indexOf(name) + "]";
  }

  /** Writes, in the method that packs, how the weights of a convolution of {@code x} are. */
  final void pack(String x, ConvLayer layer) {
    if (packing) {
      String weight = layer.name() + ".weight";
      String bias = layer.name() + ".bias";
      String last = "torch.contiguous(" + copy(weight, precision()) + ", memory_format=2)";
      set(weight, packed(last, x, layer));
      set(bias, copy(bias, precision()));
    }
  }

  /** Returns the best form of a weight, given as an expression of it with its channels last. */
  String packed(String weight, String x, ConvLayer layer) {
    return weight;
  }

  /** Writes, in the method that packs, that both numbers of a layer are of that type. */
  private void copyBoth(String layer, DType type) {
    if (packing) {
      set(layer + ".weight", copy(layer + ".weight", type));
      set(layer + ".bias", copy(layer + ".bias", type));
    }
  }

  /** Writes that a tensor is another from now on. */
  private void set(String name, String value) {
    line("_%1$d = torch._set_item(w, %1$d, %2$s)", names.indexOf(name), value);
  }

  /**
   * Returns a weight in new memory also where nothing changes: the old one ends with the tensor
   * given by Java.
   */
  private String copy(String name, DType type) {
    return String.format(
        Locale.ROOT, "torch.to(%s, %d, False, True)", weight(name), type.scriptCode());
  }
}
