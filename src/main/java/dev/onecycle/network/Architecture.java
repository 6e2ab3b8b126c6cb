package dev.onecycle.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An XResNet described as data; everything that runs, stores or names a network is derived from it.
 *
 * <p>After "Bag of Tricks for Image Classification" (He et al., 2018) as fastai builds it: a stem
 * of three 3x3 convolutions, a max pool, four stages of residual blocks, global average pooling,
 * one linear layer. A strided block pools its identity path before the 1x1 convolution.
 *
 * @param name how recipes and manifests call it
 * @param expansion channels out of a block per width: 1 for basic blocks, 4 for bottlenecks
 * @param depths blocks in each of the four stages
 * @param widths inner channels of each of the four stages
 */
public record Architecture(String name, int expansion, List<Integer> depths, List<Integer> widths) {

  private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512);
  private static final Map<String, Architecture> KNOWN = new TreeMap<>();

  static {
    for (Architecture known :
        List.of(
            new Architecture("xresnet18", 1, List.of(2, 2, 2, 2), WIDTHS),
            new Architecture("xresnet34", 1, List.of(3, 4, 6, 3), WIDTHS),
            new Architecture("xresnet50", 4, List.of(3, 4, 6, 3), WIDTHS),
            new Architecture("xresnet101", 4, List.of(3, 4, 23, 3), WIDTHS),
            new Architecture("xresnet152", 4, List.of(3, 8, 36, 3), WIDTHS))) {
      KNOWN.put(known.name, known);
    }
  }

  /**
   * A convolution without bias, its batch norm and, where the path goes on, a ReLU.
   *
   * @param name prefix of its state entries: {@code name.0} is the convolution, {@code name.1} the
   *     norm
   * @param zeroInit whether the norm's weight starts at 0, so that its block starts as the identity
   */
  public record ConvLayer(String name, int in, int out, int kernel, int stride, boolean zeroInit) {
    public int padding() {
      return kernel / 2;
    }
  }

  /**
   * A residual block: {@code relu(convPath(x) + identity(x))}.
   *
   * @param pool whether the identity path is average-pooled 2x2 first (strided blocks)
   * @param identity the 1x1 convolution of the identity path, or null where channels agree
   */
  public record Block(List<ConvLayer> convPath, boolean pool, @Nullable ConvLayer identity) {}

  public Architecture {
    depths = List.copyOf(depths);
    widths = List.copyOf(widths);
  }

  /**
   * Returns the architecture of that name.
   *
   * @throws IllegalArgumentException listing the known ones
   */
  public static Architecture named(String name) {
    Architecture found = KNOWN.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "architecture '" + name + "' is not one of " + String.join(", ", names()));
    }
    return found;
  }

  /** Returns the names that {@link #named} knows, sorted. */
  public static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /** Returns the three convolutions before the max pool, all followed by a ReLU. */
  public List<ConvLayer> stem() {
    return List.of(
        new ConvLayer("0", 3, 32, 3, 2, false),
        new ConvLayer("1", 32, 32, 3, 1, false),
        new ConvLayer("2", 32, 64, 3, 1, false));
  }

  /** Returns the residual blocks of all stages, first to last. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    int in = 64;
    for (int stage = 0; stage < depths.size(); stage++) {
      for (int i = 0; i < depths.get(stage); i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        blocks.add(block((4 + stage) + "." + i, in, widths.get(stage), stride));
        in = widths.get(stage) * expansion;
      }
    }
    return blocks;
  }

  private Block block(String name, int in, int width, int stride) {
    int out = width * expansion;
    String conv = name + ".convpath.";
    List<ConvLayer> convPath =
        expansion == 1
            ? List.of(
                new ConvLayer(conv + 0, in, width, 3, stride, false),
                new ConvLayer(conv + 1, width, out, 3, 1, true))
            : List.of(
                new ConvLayer(conv + 0, in, width, 1, 1, false),
                new ConvLayer(conv + 1, width, width, 3, stride, false),
                new ConvLayer(conv + 2, width, out, 1, 1, true));
    boolean pool = stride != 1;
    ConvLayer identity =
        in == out ? null : new ConvLayer(name + ".idpath." + (pool ? 1 : 0), in, out, 1, 1, false);
    return new Block(convPath, pool, identity);
  }

  /** Returns how many numbers describe a picture before the last layer. */
  public int features() {
    return widths.get(widths.size() - 1) * expansion;
  }

  /** Returns every convolution in the order of the state dict. */
  public List<ConvLayer> convLayers() {
    List<ConvLayer> all = new ArrayList<>(stem());
    for (Block block : blocks()) {
      all.addAll(block.convPath());
      if (block.identity() != null) {
        all.add(block.identity());
      }
    }
    return all;
  }
}
