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
 *       wants;
 *   <li>{@code logits} gives [N, classes] float32.
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
    method("logits(self, x: Tensor, w: List[Tensor]) -> Tensor");
    walk();
    line("return torch.linear(torch.to(x, %d), %s)", DType.FLOAT32.scriptCode(), weights(head));
    return text();
  }

  private void walk() {
    line("x = %s", cast("torch.permute(x, [0, 3, 1, 2])"));
    features();
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
      int w = names.indexOf(attention.weight());
      set(w, copy(w, precision()));
    }
    return new Attending(weight(attention.weight()), "1.");
  }

  /** Returns the arguments weight and bias of a layer. */
  final String weights(String layer) {
    return weight(layer + ".weight") + ", " + weight(layer + ".bias");
  }

  private String weight(String name) {
    return "w[" + names.indexOf(name) + "]";
  }

  /** Writes, in the method that packs, how the weights of a convolution of {@code x} are. */
  final void pack(String x, ConvLayer layer) {
    if (packing) {
      int w = names.indexOf(layer.name() + ".weight");
      set(w, packed("torch.contiguous(" + copy(w, precision()) + ", memory_format=2)", x, layer));
      set(w + 1, copy(w + 1, precision()));
    }
  }

  /** Returns the best form of a weight, given as an expression of it with its channels last. */
  String packed(String weight, String x, ConvLayer layer) {
    return weight;
  }

  /** Writes, in the method that packs, that both numbers of a layer are of that type. */
  private void copyBoth(String layer, DType type) {
    if (packing) {
      int w = names.indexOf(layer + ".weight");
      set(w, copy(w, type));
      set(w + 1, copy(w + 1, type));
    }
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
