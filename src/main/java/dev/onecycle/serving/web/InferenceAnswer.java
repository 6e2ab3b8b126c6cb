package dev.onecycle.serving.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a model answers to a client of the Open Inference Protocol.
 *
 * @param id of the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InferenceAnswer(
    @JsonProperty("model_name") String modelName,
    @Nullable String id,
    AnsweringCheckpoint parameters,
    List<AnsweredTensor> outputs) {

  /** The checkpoint that answered: the model may serve another with the next request. */
  record AnsweringCheckpoint(UUID checkpoint) {}

  /**
   * A tensor.
   *
   * @param data its numbers or texts, row by row; null where its bytes follow the JSON
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record AnsweredTensor(
      String name,
      String datatype,
      List<Integer> shape,
      @Nullable TensorSize parameters,
      @Nullable List<Object> data) {}

  /** How many bytes of a tensor follow the JSON. */
  record TensorSize(@JsonProperty("binary_data_size") int binarySize) {}
}
