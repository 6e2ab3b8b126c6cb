package dev.onecycle.work;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.image.Chain;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.Trainer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What training starts from: random weights, or those of a checkpoint, of which it takes over the
 * kind of network and, where the recipe wants it, the normalization.
 */
@Component
public class StartingPoints {

  private final CheckpointStore checkpoints;

  StartingPoints(CheckpointStore checkpoints) {
    this.checkpoints = checkpoints;
  }

  /**
   * Returns the recipe of a request. What a recipe does not say of its network, and all that a
   * preset says of it, is the checkpoint's.
   *
   * @param recipe a preset's name or a recipe's tree
   * @param overrides values by path, or null
   * @param from the checkpoint to start from, or null
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Invalid as {@link RecipeReader#read} does
   */
  public Recipe recipe(Object recipe, @Nullable Map<String, ?> overrides, @Nullable UUID from) {
    Map<String, Object> all = new LinkedHashMap<>(overrides == null ? Map.of() : overrides);
    if (from != null) {
      Set<?> named = recipe instanceof Map<?, ?> tree ? tree.keySet() : Set.of();
      network(checkpoints.get(from).manifest().network())
          .forEach(
              (field, value) -> {
                if (!named.contains(field) && !all.containsKey(field)) {
                  all.put(field, value);
                }
              });
    }
    return RecipeReader.read(recipe, all);
  }

  private static Map<String, Object> network(NetworkKind kind) {
    return Map.of(
        "architecture", kind.architecture(),
        "activation", kind.activation(),
        "pooling", kind.pooling(),
        "selfAttention", kind.selfAttention());
  }

  /**
   * Returns what the pictures were normalised by that a checkpoint was trained on; null for none.
   *
   * @throws Failure.NotFound if there is no such checkpoint
   */
  public @Nullable Normalization normalization(@Nullable UUID from) {
    return from == null ? null : checkpoints.get(from).manifest().preprocessing().normalization();
  }

  /** Returns the weights that training starts with; the head is new unless the labels are equal. */
  StateDict weights(@Nullable UUID from, Recipe recipe, List<String> labels) {
    if (from == null) {
      return Trainer.fromScratch(recipe, labels.size());
    }
    LoadedCheckpoint start = checkpoints.load(from);
    return start.manifest().labels().equals(labels)
        ? start.state()
        : Trainer.withNewHead(start.state(), recipe, labels.size());
  }

  /**
   * Returns what is doubtful about starting from a checkpoint, as sentences.
   *
   * @param labels the dataset's
   * @param normalization of its pictures
   * @throws Failure.Invalid if the checkpoint is of another architecture
   */
  List<String> warnings(
      UUID from, Recipe recipe, List<String> labels, Normalization normalization) {
    Manifest manifest = checkpoints.get(from).manifest();
    requireArchitecture(manifest, recipe, from);
    List<String> warnings = new ArrayList<>();
    if (!manifest.isBody() && !manifest.labels().equals(labels)) {
      warnings.add(
          "from: the head starts anew, because the checkpoint's %d labels are not the dataset's %d in their order"
              .formatted(manifest.labels().size(), labels.size()));
    }
    if (!manifest.preprocessing().normalization().equals(normalization)) {
      warnings.add(
          "from: the checkpoint was trained on pictures normalised otherwise; its first epochs go"
              + " into getting used to these. normalize checkpoint takes over its own");
    }
    if (manifest.preprocessing().chain() == Chain.SHARP) {
      warnings.add(
          "from: the checkpoint was trained on the sharper pixels of an earlier version; its first"
              + " epochs go into getting used to fastai's");
    }
    return warnings;
  }

  private static void requireArchitecture(Manifest manifest, Recipe recipe, UUID from) {
    NetworkKind kept = manifest.network();
    NetworkKind wanted = recipe.network();
    if (!kept.equals(wanted)) {
      String message =
          "checkpoint %s is a %s, the recipe wants %s"
              .formatted(from, kept.label(), wanted.label());
      throw new Failure.Invalid(
          message,
          "Leave out architecture, activation, pooling and selfAttention: they are the checkpoint's"
              + " then.",
          List.of(new FieldError("from", message, from, wanted.label())));
    }
  }
}
