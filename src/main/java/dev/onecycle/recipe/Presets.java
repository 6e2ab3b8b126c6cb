package dev.onecycle.recipe;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The recipes with a name. Each is written as a caller would write it: only what differs from the
 * defaults. Numbers of the notebook's sections are the notebook's (fastai's "Training a
 * State-of-the-Art Model").
 */
public final class Presets {

  private static final Map<String, Preset> ALL = new LinkedHashMap<>();

  static {
    preset(
        "smoke",
        "Seconds: xresnet18 at 64 pixels with light augmentation, for trying things out.",
        Map.of(
            "architecture",
            "xresnet18",
            "itemSize",
            72,
            "phases",
            List.of(oneCycle(64, 32, 5, 4e-3)),
            "augmentation",
            Map.of("maxRotate", 5, "maxWarp", 0, "maxLighting", 0.1)));
    preset(
        "fast",
        "The best accuracy per minute: a small network without branches, one cycle of fifteen"
            + " epochs over 64, 96 and 112 pixels, judged at 128.",
        fast());
    preset(
        "label-check",
        "What a check of labels trains for each fold: the network of fast at 64 pixels.",
        labelCheck());
    preset(
        "finetune",
        "A few pictures of one's own: from a checkpoint with its architecture and normalization,"
            + " first the new head alone, then everything, lower layers slower.",
        Map.of(
            "normalize",
            "checkpoint",
            "itemSize",
            256,
            "phases",
            List.of(fineTune(224, 16, 10, 2e-3, 3))));
    preset(
        "baseline",
        "The notebook's first model: 224 pixels, five epochs of one-cycle, nothing normalised.",
        Map.of("normalize", "none", "phases", List.of(oneCycle(224, 64, 5, 3e-3))));
    preset(
        "normalized",
        "The baseline with pictures normalised by ImageNet's channel statistics.",
        Map.of("phases", List.of(oneCycle(224, 64, 5, 3e-3))));
    preset(
        "notebook-progressive",
        "Progressive resizing as the notebook really ran it: nothing frozen, one learning rate,"
            + " a leaking split.",
        Map.of(
            "split", "redraw-each-phase",
            "phases", List.of(oneCycle(128, 128, 4, 3e-3), fineTune(224, 64, 5, 1e-3, 1)),
            "tta", Map.of("views", 4)));
    preset(
        "progressive",
        "Progressive resizing as the text describes it: the head alone first, lower layers slower,"
            + " one split.",
        Map.of(
            "phases", List.of(oneCycle(128, 128, 4, 3e-3), fineTune(224, 64, 5, 1e-3, 2)),
            "tta", Map.of("views", 4)));
    preset(
        "mixup",
        "Blends of two pictures as training data, as the text describes it; label smoothing too.",
        Map.of(
            "phases", List.of(oneCycle(128, 128, 5, 3e-3)),
            "mixup", Map.of("alpha", 0.4),
            "labelSmoothing", 0.1));
    preset(
        "label-smoothing",
        "The notebook's last model: a tenth of each target spread over all labels, at 128 pixels.",
        Map.of("phases", List.of(oneCycle(128, 128, 5, 3e-3)), "labelSmoothing", 0.1));
  }

  /**
   * Returns one cycle of a small network over three picture sizes: each picture is seen through a
   * window of seven eighths of its side, in the scale that validation sees the whole of it in.
   */
  private static Map<String, ?> fast() {
    Map<String, ?> phase =
        Map.of(
            "size",
            128,
            "learningRate",
            1e-2,
            "plan",
            List.of(stretch(64, 8), stretch(96, 4), stretch(112, 3)));
    return Map.of(
        "architecture",
        "spine2",
        "activation",
        "silu",
        "itemSize",
        128,
        "phases",
        List.of(phase),
        "validateEvery",
        4,
        "labelSmoothing",
        0.1,
        "augmentation",
        windows());
  }

  /** Returns as much of fast as one small size can have. */
  private static Map<String, ?> labelCheck() {
    return Map.of(
        "architecture",
        "spine2",
        "activation",
        "silu",
        "itemSize",
        64,
        "phases",
        List.of(oneCycle(64, 32, 12, 7e-3)),
        "validateEvery",
        1000,
        "augmentation",
        windows());
  }

  private static Map<String, ?> windows() {
    double window = 0.875 * 0.875;
    return Map.of(
        "alternateFlip",
        true,
        "maxRotate",
        0,
        "maxZoom",
        1,
        "maxWarp",
        0,
        "maxLighting",
        0,
        "randomCropMinScale",
        window,
        "randomCropMaxScale",
        window,
        "randomCropPerPicture",
        true);
  }

  private static Map<String, ?> stretch(int size, int epochs) {
    return Map.of("size", size, "batchSize", 64, "epochs", epochs);
  }

  private Presets() {}

  /** Returns every preset, the quickest first, then in the notebook's order. */
  public static List<Preset> all() {
    return List.copyOf(ALL.values());
  }

  /**
   * Returns the preset of that name.
   *
   * @throws Failure.NotFound naming the nearest
   */
  public static Preset named(String name) {
    Preset found = ALL.get(name);
    if (found == null) {
      throw new Failure.NotFound(Nearest.unknown("recipe", name, ALL.keySet()));
    }
    return found;
  }

  private static void preset(String name, String description, Map<String, ?> recipe) {
    ALL.put(name, new Preset(name, description, RecipeReader.read(recipe, null)));
  }

  private static Map<String, ?> oneCycle(int size, int batchSize, int epochs, double rate) {
    return Map.of("size", size, "batchSize", batchSize, "epochs", epochs, "learningRate", rate);
  }

  private static Map<String, ?> fineTune(
      int size, int batchSize, int epochs, double rate, int groups) {
    return Map.of(
        "policy", "fine-tune",
        "size", size,
        "batchSize", batchSize,
        "epochs", epochs,
        "learningRate", rate,
        "parameterGroups", groups);
  }
}
