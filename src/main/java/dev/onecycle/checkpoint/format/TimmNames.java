package dev.onecycle.checkpoint.format;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Layout;
import dev.onecycle.recipe.NetworkKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * timm's names of the same networks: its {@code resnet50d} is fastai's {@code xresnet50}, number by
 * number, under other names of its parts.
 */
public final class TimmNames {

  private static final String HEAD = "fc.";

  /** Networks that it has: of no other activation and pooling. */
  private static final Set<String> MODELS =
      Set.of("xresnet18", "xresnet34", "xresnet50", "xresnet101", "xresnet152");

  /**
   * timm's stem numbers convolution, norm and activation in one row; its last norm stands apart.
   */
  private static final List<Part> STEM =
      List.of(
          new Part("conv1.0", "conv1.1"),
          new Part("conv1.3", "conv1.4"),
          new Part("conv1.6", "bn1"));

  /** A convolution and its norm. */
  private record Part(String convolution, String norm) {}

  /** By fastai's prefix of both. */
  private final Map<String, Part> parts = new HashMap<>();

  private TimmNames(Architecture architecture) {
    for (int i = 0; i < STEM.size(); i++) {
      parts.put(architecture.stem().get(i).name(), STEM.get(i));
    }
    for (Block block : architecture.blocks()) {
      int dot = block.name().indexOf('.');
      int stage = Integer.parseInt(block.name().substring(0, dot)) - 3;
      name(block, "layer" + stage + block.name().substring(dot) + ".");
    }
  }

  /** Returns the names of that architecture's parts. */
  public static TimmNames of(Architecture architecture) {
    return new TimmNames(architecture);
  }

  /** Returns what timm calls a network, such as resnet50d; empty of one that it does not have. */
  public static Optional<String> model(NetworkKind network) {
    return MODELS.contains(network.label())
        ? Optional.of(network.label().substring(1) + "d")
        : Optional.empty();
  }

  private void name(Block block, String prefix) {
    int number = 1;
    for (ConvLayer layer : block.convPath()) {
      parts.put(layer.name(), new Part(prefix + "conv" + number, prefix + "bn" + number));
      number++;
    }
    if (block.identity() != null) {
      String identity = prefix + "downsample.";
      parts.put(block.identity().name(), new Part(identity + 1, identity + 2));
    }
  }

  /**
   * Returns timm's name of an entry of the architecture's layout; fastai's of one that timm's
   * networks do not have.
   */
  public String of(Layout.Entry entry) {
    String name = entry.name();
    int last = name.lastIndexOf('.');
    String number = name.substring(last + 1);
    if (entry.kind() == Layout.Kind.HEAD_WEIGHT || entry.kind() == Layout.Kind.HEAD_BIAS) {
      return HEAD + number;
    }
    // layer.0.weight is a convolution's, layer.1.bias its norm's.
    Part part = parts.get(name.substring(0, Math.max(0, last - 2)));
    if (part == null) {
      return name;
    }
    boolean convolution = entry.kind() == Layout.Kind.CONV_WEIGHT;
    return (convolution ? part.convolution : part.norm) + "." + number;
  }
}
