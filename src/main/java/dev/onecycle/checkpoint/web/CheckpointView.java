package dev.onecycle.checkpoint.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Metrics;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.checkpoint.SelfTest;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.platform.http.Unusable;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.Pooling;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint as it is shown.
 *
 * <p>Of one whose row cannot be read there are only its id, its weights and the failure.
 *
 * @param temperature what calibrates its probabilities, once an evaluation fitted it
 * @param quantization what predicting in 8 bits changes; null where that was not found out
 * @param failure why it cannot be used, if so
 */
record CheckpointView(
    UUID id,
    Instant createdAt,
    @Nullable String architecture,
    @Nullable Activation activation,
    @Nullable Pooling pooling,
    @Nullable Boolean selfAttention,
    @Nullable List<String> labels,
    @Nullable Preprocessing preprocessing,
    @JsonInclude(value = JsonInclude.Include.NON_NULL, content = JsonInclude.Include.ALWAYS)
        @Nullable Map<String, Object> recipe,
    @Nullable Metrics metrics,
    @Nullable Origin origin,
    @Nullable Temperature temperature,
    @Nullable QuantizationView quantization,
    WeightsView weights,
    @Nullable SelfTest selfTest,
    String codeVersion,
    @Nullable Unusable failure) {

  /**
   * The file behind {@code /weights}.
   *
   * @param sha256 of the file, what it says about itself included
   * @param stateSha256 of the weights alone: equal for equal weights, whatever run they are of
   */
  record WeightsView(long bytes, String sha256, @Nullable String stateSha256) {}

  /**
   * Of predictions in 8 bits.
   *
   * @param agreement share of the pictures whose best label is the same as in float32, 0 to 1
   * @param pictures how many: some that it was trained on
   */
  record QuantizationView(double agreement, int pictures) {

    static @Nullable QuantizationView of(@Nullable Quantization found) {
      return found == null ? null : new QuantizationView(found.agreement(), found.pictures());
    }
  }

  static CheckpointView of(Checkpoint checkpoint) {
    if (!checkpoint.readable()) {
      return unreadable(checkpoint);
    }
    Manifest manifest = checkpoint.manifest();
    return new CheckpointView(
        checkpoint.id(),
        checkpoint.createdAt(),
        manifest.architecture(),
        manifest.activation(),
        manifest.pooling(),
        manifest.selfAttention(),
        manifest.labels(),
        manifest.preprocessing(),
        manifest.recipe(),
        checkpoint.metrics(),
        manifest.origin(),
        checkpoint.temperature(),
        QuantizationView.of(checkpoint.quantization()),
        new WeightsView(
            checkpoint.weights().size(), checkpoint.weights().sha256(), manifest.stateSha256()),
        manifest.selfTest(),
        checkpoint.codeVersion(),
        null);
  }

  private static CheckpointView unreadable(Checkpoint checkpoint) {
    return new CheckpointView(
        checkpoint.id(),
        checkpoint.createdAt(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        new WeightsView(checkpoint.weights().size(), checkpoint.weights().sha256(), null),
        null,
        checkpoint.codeVersion(),
        new Unusable("its manifest cannot be read", checkpoint.fix()));
  }
}
