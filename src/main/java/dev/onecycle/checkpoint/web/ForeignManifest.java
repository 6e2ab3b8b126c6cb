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
 * @param labels absent for a body, whose head is left out
 * @param normalize {@code "imagenet"}, {@code "none"} or {@code {mean, std}}; imagenet if absent
 * @param itemSize as {@code size} if absent
 * @param cropShare how much of the shorter side the network sees, above 0 to 1: timm's {@code
 *     crop_pct}; absent for fastai's way, which is to show all of it by way of {@code itemSize}
 */
record ForeignManifest(
    String architecture,
    @Nullable Activation activation,
    @Nullable Pooling pooling,
    @Nullable Boolean selfAttention,
    @Nullable List<String> labels,
    @Schema(implementation = Object.class) @Nullable JsonNode normalize,
    @Nullable Integer itemSize,
    @Nullable Integer size,
    @Nullable Double cropShare) {

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
    List<String> kept = labels == null ? List.of() : labels;
    return new Manifest(network(), kept, preprocessing(size, mapper), null, null, null);
  }

  private NetworkKind network() {
    return new NetworkKind(
        architecture,
        requireNonNullElse(activation, Activation.RELU),
        requireNonNullElse(pooling, Pooling.MAX),
        requireNonNullElse(selfAttention, false));
  }

  private Preprocessing preprocessing(int side, JsonMapper mapper) {
    if (cropShare == null) {
      return new Preprocessing(itemSize == null ? side : itemSize, side, normalization(mapper));
    }
    if (itemSize != null) {
      String message = "is given by size and cropShare already";
      throw Failure.Invalid.field("itemSize", message, itemSize, null);
    }
    if (!(cropShare > 0 && cropShare <= 1)) {
      throw Failure.Invalid.field("cropShare", "must be above 0 and at most 1", cropShare, 1);
    }
    return Preprocessing.centre((int) (side / cropShare), side, normalization(mapper));
  }

  /** The rule is the folders', and stricter than that of what is kept: Unicode grows. */
  private void requireLabelNames() {
    if (labels != null && labels.isEmpty()) {
      throw Failure.Invalid.field("labels", "must be left out, or at least 2", 0, 2);
    }
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
