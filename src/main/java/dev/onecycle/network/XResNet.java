package dev.onecycle.network;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Gate;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * fastai's family of XResNets, after "Bag of Tricks for Image Classification" (He et al., 2018): a
 * stem of three 3x3 convolutions, a pool, stages of residual blocks. A strided block pools its
 * identity path before the 1x1 convolution.
 *
 * @param expansion channels out of a block per width: 1 for basic blocks, 4 for bottlenecks
 * @param depths blocks in each stage
 * @param widths inner channels of each stage
 */
record XResNet(int expansion, List<Integer> depths, List<Integer> widths, Style style) {

  private static final int STEM = 64;
  private static final List<Integer> WIDTHS = List.of(64, 128, 256, 512);

  /** The width of every stage after the fourth. */
  private static final int DEEP_WIDTH = 256;

  /** What its blocks are like. */
  enum Style {
    PLAIN(1, 0),
    /** fastai's SEBlock, whose inner channels are those of SENet-154. */
    GATED(1, 16),
    /** ResNeXt's, of 32 groups of 4 channels for each 64 of the width. */
    GROUPED(32, 0),
    GROUPED_AND_GATED(32, 16);

    private final int groups;
    private final int reduction;

    Style(int groups, int reduction) {
      this.groups = groups;
      this.reduction = reduction;
    }

    /** Returns how many channels leave the convolution before the last. */
    private int inner(int width, int expansion) {
      return switch (this) {
        case PLAIN -> width;
        case GATED -> width * expansion;
        case GROUPED, GROUPED_AND_GATED -> width * 4 / 64 * groups;
      };
    }

    /** Returns how many channels leave a bottleneck's first convolution. */
    private int first(int width, int expansion) {
      return this == GATED ? 2 * width : inner(width, expansion);
    }
  }

  private static final Map<String, XResNet> KNOWN = new TreeMap<>();

  static {
    for (int depth : new int[] {18, 34, 50, 101, 152}) {
      know("xresnet" + depth, depth, stages(depth), Style.PLAIN);
      know("xse_resnet" + depth, depth, stages(depth), Style.GATED);
      if (depth <= 101) {
        know("xresnext" + depth, depth, stages(depth), Style.GROUPED);
        know("xse_resnext" + depth, depth, stages(depth), Style.GROUPED_AND_GATED);
      }
    }
    List<Integer> few = List.of(2, 2, 1, 1, 1, 1, 1, 1);
    for (int depth : new int[] {18, 34, 50}) {
      List<Integer> deep = and(stages(depth), 1, 1);
      know("xresnet" + depth + "_deep", depth, deep, Style.PLAIN);
      know("xse_resnext" + depth + "_deep", depth, deep, Style.GROUPED_AND_GATED);
      know("xresnet" + depth + "_deeper", depth, depth == 18 ? few : and(deep, 1, 1), Style.PLAIN);
      know(
          "xse_resnext" + depth + "_deeper",
          depth,
          depth == 18 ? few : List.of(3, 4, 4, 2, 2, 1, 1, 1),
          Style.GROUPED_AND_GATED);
    }
  }

  private static List<Integer> stages(int depth) {
    return switch (depth) {
      case 18 -> List.of(2, 2, 2, 2);
      case 34, 50 -> List.of(3, 4, 6, 3);
      case 101 -> List.of(3, 4, 23, 3);
      default -> List.of(3, 8, 36, 3);
    };
  }

  private static List<Integer> and(List<Integer> stages, Integer... more) {
    List<Integer> all = new ArrayList<>(stages);
    all.addAll(List.of(more));
    return all;
  }

  private static void know(String name, int depth, List<Integer> depths, Style style) {
    List<Integer> widths = new ArrayList<>(WIDTHS);
    while (widths.size() < depths.size()) {
      widths.add(DEEP_WIDTH);
    }
    KNOWN.put(name, new XResNet(depth < 50 ? 1 : 4, depths, widths, style));
  }

  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  static Architecture of(NetworkKind kind) {
    XResNet found = KNOWN.get(kind.architecture());
    if (found == null) {
      throw new IllegalArgumentException(
          "architecture '" + kind.architecture() + "' is not one of " + String.join(", ", names()));
    }
    return found.architecture(kind);
  }

  /** Returns its layers; of {@code kind} everything but the architecture counts. */
  Architecture architecture(NetworkKind kind) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new ConvLayer("0", 3, 32, 3, 2, 1, false));
    layers.add(new ConvLayer("1", 32, 32, 3, 1, 1, false));
    layers.add(new ConvLayer("2", 32, STEM, 3, 1, 1, false));
    layers.add(pool(kind, Pool.Kind.MAX, STEM));
    int in = STEM;
    for (int stage = 0; stage < depths.size(); stage++) {
      int last = depths.get(stage) - 1;
      boolean attends = kind.selfAttention() && stage == depths.size() - 4;
      for (int i = 0; i <= last; i++) {
        int width = widths.get(stage);
        int stride = i == 0 && stage > 0 ? 2 : 1;
        Pool pool = stride == 1 ? null : pool(kind, Pool.Kind.AVERAGE, in);
        layers.add(block((4 + stage) + "." + i, in, width, pool, attends && i == last));
        in = width * expansion;
      }
    }
    String head = String.valueOf(depths.size() + 7);
    return new Architecture(kind.label(), kind.activation(), layers, head, in);
  }

  private static Pool pool(NetworkKind kind, Pool.Kind otherwise, int channels) {
    return new Pool(kind.pooling() == Pooling.MAXBLUR ? Pool.Kind.MAX_BLUR : otherwise, channels);
  }

  private Block block(String name, int in, int width, @Nullable Pool pool, boolean attends) {
    int out = width * expansion;
    String path = name + ".convpath.";
    List<ConvLayer> convPath = convPath(path, in, width, pool == null ? 1 : 2);
    int next = convPath.size();
    Gate gate = null;
    if (style.reduction > 0) {
      gate = new Gate(path + next++, out, (out / style.reduction + 7) / 8 * 8);
    }
    Attention attention = attends ? new Attention(path + next, out) : null;
    String identity = name + ".idpath." + (pool == null ? 0 : 1);
    return new Block(
        name,
        convPath,
        gate,
        attention,
        pool,
        in == out ? null : new ConvLayer(identity, in, out, 1, 1, 1, false));
  }

  private List<ConvLayer> convPath(String path, int in, int width, int stride) {
    int out = width * expansion;
    int inner = style.inner(width, expansion);
    if (expansion == 1) {
      return List.of(
          new ConvLayer(path + 0, in, inner, 3, stride, style.groups, false),
          new ConvLayer(path + 1, inner, out, 3, 1, 1, true));
    }
    int first = style.first(width, expansion);
    return List.of(
        new ConvLayer(path + 0, in, first, 1, 1, 1, false),
        new ConvLayer(path + 1, first, inner, 3, stride, style.groups, false),
        new ConvLayer(path + 2, inner, out, 1, 1, 1, true));
  }
}
