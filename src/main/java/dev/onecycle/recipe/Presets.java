package dev.onecycle.recipe;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Nearest;
import java.util.HashMap;
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
        spine(128, 0.875, List.of(stretch(64, 8), stretch(96, 4), stretch(112, 3)), 4));
    preset(
        "best",
        "The best accuracy of twenty epochs: the network of fast on larger pictures, 96 to 128"
            + " pixels, judged at 160.",
        spine(160, 0.8, List.of(stretch(96, 8), stretch(112, 6), stretch(128, 6)), 5));
    preset(
        "leaderboard",
        "The recipe at the top of Imagenette's leaderboard for five epochs at 128 pixels: a"
            + " squeeze-and-excitation ResNeXt with Mish, attention and blurred pools, and Ranger.",
        leaderboard());
    preset(
        "label-check",
        "What a check of labels trains for each fold: the network of fast at 96 pixels.",
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
   * Returns one cycle of a small network over several picture sizes: each picture is seen through a
   * window, in the largest size in the scale that validation sees the whole of it in.
   *
   * @param size of the pictures that validate
   * @param window its side as a share of the picture's
   */
  private static Map<String, ?> spine(
      int size, double window, List<Stretch> plan, int validateEvery) {
    int epochs = plan.stream().mapToInt(Stretch::epochs).sum();
    Map<String, ?> phase =
        Map.of("size", size, "epochs", epochs, "learningRate", 1e-2, "plan", plan);
    return Map.of(
        "architecture",
        "spine2",
        "activation",
        "silu",
        "itemSize",
        size,
        "phases",
        List.of(phase),
        "validateEvery",
        validateEvery,
        "labelSmoothing",
        0.1,
        "augmentation",
        windows(window));
  }

  /** Returns as much of fast as one small size can have. */
  private static Map<String, ?> labelCheck() {
    return Map.of(
        "architecture",
        "spine2",
        "activation",
        "silu",
        "itemSize",
        96,
        "phases",
        List.of(oneCycle(96, 32, 10, 7e-3)),
        "validateEvery",
        1000,
        "augmentation",
        windows(0.875));
  }

  /** Returns what each picture is seen through of its own: a square with that share of its side. */
  private static Map<String, ?> windows(double window) {
    Map<String, Object> seen = new HashMap<>(asTheyAre());
    seen.put("alternateFlip", true);
    seen.put("randomCropMinScale", window * window);
    seen.put("randomCropMaxScale", window * window);
    seen.put("randomCropPerPicture", true);
    return seen;
  }

  /** Returns what changes nothing of a picture but its side. */
  private static Map<String, ?> asTheyAre() {
    return Map.of(
        "maxRotate", 0, "maxZoom", 1, "maxWarp", 0, "maxLighting", 0, "randomCropMinScale", 1);
  }

  /** Returns the row of ducha-aiki's, as its notebook has it. */
  private static Map<String, ?> leaderboard() {
    Map<String, Object> phase = new HashMap<>(oneCycle(128, 32, 5, 8e-3));
    phase.put("policy", "flat-cosine");
    phase.put("pctStart", 0.75);
    return Map.ofEntries(
        Map.entry("architecture", "xse_resnext50"),
        Map.entry("activation", "mish"),
        Map.entry("pooling", "maxblur"),
        Map.entry("selfAttention", true),
        Map.entry("normalize", "none"),
        Map.entry("itemSize", 128),
        Map.entry("phases", List.of(phase)),
        Map.entry("augmentation", asTheyAre()),
        Map.entry("labelSmoothing", 0.1),
        Map.entry("optimizer", Map.of("kind", "ranger")));
  }

  private static Stretch stretch(int size, int epochs) {
    return new Stretch(size, 64, epochs);
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
