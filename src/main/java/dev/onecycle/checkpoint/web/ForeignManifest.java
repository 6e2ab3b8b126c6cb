package dev.onecycle.checkpoint.web;

import static java.util.Objects.requireNonNullElse;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Normalization;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.LabelName;
import dev.onecycle.platform.Settings;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The manifest that somebody sends along with weights.
 *
 * @param activation relu if absent
 * @param pooling max if absent
 * @param selfAttention false if absent
 * @param normalize {@code "imagenet"}, {@code "none"} or {@code {mean, std}}; imagenet if absent
 * @param itemSize as {@code size} if absent
 */
record ForeignManifest(
    String architecture,
    @Nullable Activation activation,
    @Nullable Pooling pooling,
    @Nullable Boolean selfAttention,
    List<String> labels,
    @Schema(implementation = Object.class) @Nullable JsonNode normalize,
    @Nullable Integer itemSize,
    @Nullable Integer size) {

  /**
   * Makes the manifest.
   *
   * @throws Failure.Invalid naming what is wrong
   */
  Manifest manifest(JsonMapper mapper) {
    if (size == null) {
      throw Failure.Invalid.field("size", "must not be null", null, null);
    }
    requireLabelNames();
    Preprocessing preprocessing =
        new Preprocessing(itemSize == null ? size : itemSize, size, normalization(mapper));
    NetworkKind network =
        new NetworkKind(
            architecture,
            requireNonNullElse(activation, Activation.RELU),
            requireNonNullElse(pooling, Pooling.MAX),
            requireNonNullElse(selfAttention, false));
    return new Manifest(network, labels, preprocessing, null, null, null);
  }

  /** The rule is the folders', and stricter than that of what is kept: Unicode grows. */
  private void requireLabelNames() {
    List<FieldError> errors = new ArrayList<>();
    for (int i = 0; labels != null && i < Math.min(labels.size(), LabelName.MOST); i++) {
      String problem = LabelName.problem(labels.get(i));
      if (problem != null) {
        errors.add(new FieldError("labels[" + i + "]", problem, labels.get(i), null));
      }
    }
    Settings.refuse(errors);
  }

  private Normalization normalization(JsonMapper mapper) {
    if (normalize == null || says(normalize, "imagenet")) {
      return Normalization.imagenet();
    }
    if (says(normalize, "none")) {
      return Normalization.none();
    }
    try {
      return mapper.treeToValue(normalize, Normalization.class);
    } catch (JacksonException e) {
      String message = "is not \"imagenet\", \"none\" or {\"mean\": [r, g, b], \"std\": [r, g, b]}";
      throw Failure.Invalid.field("normalize", message, normalize.toString(), null);
    }
  }

  private static boolean says(JsonNode normalize, String word) {
    return normalize.isString() && normalize.asString().equals(word);
  }
}
