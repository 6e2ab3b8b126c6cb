package dev.onecycle.network;

import dev.onecycle.network.Architecture.ConvLayer;
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
 * A family of networks without branches, after David Page's entries to Imagenette's leaderboard: a
 * strided 3x3 convolution, then stages in which 3x3 filters of each channel's own make several of
 * it, a dense 3x3 convolution mixes them, and a pool halves the sides. The names of its state are
 * ours: nobody else's weights have them.
 *
 * @param multiplier how many channels each channel of a stage becomes
 */
record Spine(int multiplier) {

  private static final List<Integer> WIDTHS = List.of(32, 64, 128, 256, 512);
  private static final Map<String, Spine> KNOWN =
      new TreeMap<>(Map.of("spine", new Spine(4), "spine2", new Spine(2)));

  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /** Returns the network of that kind; null where it is of another family. */
  static @Nullable Architecture of(NetworkKind kind) {
    Spine found = KNOWN.get(kind.architecture());
    return found == null ? null : found.architecture(kind);
  }

  private Architecture architecture(NetworkKind kind) {
    Pool.Kind pool = kind.pooling() == Pooling.MAXBLUR ? Pool.Kind.MAX_BLUR : Pool.Kind.MAX;
    int in = WIDTHS.get(0);
    List<Layer> layers = new ArrayList<>();
    layers.add(new ConvLayer("0", 3, in, 3, 2, 1, false));
    for (int stage = 1; stage < WIDTHS.size(); stage++) {
      int inner = in * multiplier;
      int out = WIDTHS.get(stage);
      layers.add(new ConvLayer(stage + ".0", in, inner, 3, 1, in, false));
      layers.add(new ConvLayer(stage + ".1", inner, out, 3, 1, 1, false));
      layers.add(new Pool(pool, out));
      in = out;
    }
    String head = String.valueOf(WIDTHS.size());
    return new Architecture(kind.label(), kind.activation(), layers, head, in);
  }
}
