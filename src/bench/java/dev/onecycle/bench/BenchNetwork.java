package dev.onecycle.bench;

import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The network that is measured: of the preset that {@code BENCH_RECIPE} names, else xresnet50. */
final class BenchNetwork {

  private BenchNetwork() {}

  private static @Nullable Recipe recipe() {
    String preset = System.getenv("BENCH_RECIPE");
    return preset == null ? null : RecipeReader.read(preset, Map.of());
  }

  static boolean isPlain() {
    return recipe() == null;
  }

  private static NetworkKind kind() {
    Recipe recipe = recipe();
    return recipe == null ? NetworkKind.plain("xresnet50") : recipe.network();
  }

  /**
   * Returns the batch that the preset begins with, or those that xresnet50 is measured in; the one
   * of {@code BENCH_BATCH}, where it says: all of them together want more than 24 GB.
   */
  static List<Integer> batches() {
    String one = System.getenv("BENCH_BATCH");
    if (one != null) {
      return List.of(Integer.valueOf(one));
    }
    Recipe recipe = recipe();
    return recipe == null
        ? List.of(16, 64)
        : List.of(recipe.phases().get(0).stretchAt(0).batchSize());
  }

  /** Returns new weights of it, for ten labels. */
  static StateDict state() {
    return Initialization.random(Layout.of(Architecture.of(kind()), 10), new Seed(1));
  }

  /** Returns what {@code torch_peer.py} calls it. */
  static String inPython() {
    NetworkKind kind = kind();
    return "%s,%s,%s,%s"
        .formatted(kind.architecture(), kind.activation(), kind.pooling(), kind.selfAttention())
        .toLowerCase(Locale.ROOT);
  }
}
