package dev.onecycle.serving.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.serving.PredictionOptions;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client of the Open Inference Protocol asks of a model.
 *
 * @param id comes back with the answer
 * @param inputs one tensor: {@code image} or {@code pixels}
 * @param outputs which tensors the answer shall have; absent for all
 */
record InferenceRequest(
    @Nullable String id,
    @Nullable InferenceOptions parameters,
    @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<SentTensor> inputs,
    @Nullable List<WantedTensor> outputs) {

  /** The name of the tensor of picture files. */
  static final String IMAGE = "image";

  /** The name of the tensor that the network takes as it is. */
  static final String PIXELS = "pixels";

  /**
   * The options of the request: what the query of a prediction may have, of those that leave
   * probabilities.
   *
   * @param binaryOutput whether tensors that {@code outputs} does not say more about come as bytes
   */
  record InferenceOptions(
      @JsonProperty("binary_data_output") @Nullable Boolean binaryOutput,
      @Nullable String tta,
      @Nullable Integer budgetMs,
      @Nullable Double beta,
      @Nullable Long seed,
      @Nullable Boolean calibrated) {

    static final InferenceOptions NONE = new InferenceOptions(null, null, null, null, null, null);

    /**
     * Returns what it asks of a checkpoint.
     *
     * @throws dev.onecycle.platform.Failure as {@link PredictionQuery#options}
     */
    PredictionOptions of(Supplier<Checkpoint> checkpoint) {
      return new PredictionQuery(tta, budgetMs, null, beta, seed, null, calibrated)
          .options(checkpoint);
    }
  }

  /**
   * A tensor that is sent.
   *
   * @param data its numbers, or its bytes as base64, in one list or in nested ones; absent where
   *     they follow the JSON
   */
  record SentTensor(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<Long> shape,
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String datatype,
      @Nullable TensorEncoding parameters,
      @Schema(implementation = Object.class) @Nullable TensorData data) {}

  /**
   * How a tensor is sent.
   *
   * @param binarySize how many bytes of it follow the JSON
   * @param contentType {@code base64}, as some clients say of bytes in JSON
   */
  record TensorEncoding(
      @JsonProperty("binary_data_size") @Nullable Long binarySize,
      @JsonProperty("content_type") @Nullable String contentType) {}

  /** A tensor that is wanted: {@code probabilities} or {@code label}. */
  record WantedTensor(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
      @Nullable TensorForm parameters) {}

  /**
   * The form in which a tensor is wanted.
   *
   * @param binary whether as bytes behind the JSON
   */
  record TensorForm(@JsonProperty("binary_data") @Nullable Boolean binary) {}

  /** Returns its options, none where it has none. */
  InferenceOptions options() {
    return parameters == null ? InferenceOptions.NONE : parameters;
  }
}
