package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import java.util.List;
import java.util.Map;

/** What the Open Inference Protocol tells about the service and its models. */
final class InferenceView {

  private static final long ANY = -1;

  private InferenceView() {}

  /** The service. */
  record InferenceServer(String name, String version, List<String> extensions) {}

  /** Whether the service is up. */
  record ServerLive(boolean live) {}

  /** Whether the service answers; one that does not is not described so, but answers 503. */
  record ServerReady(boolean ready) {}

  /** Whether a model answers. */
  record ModelReady(String name, boolean ready) {}

  /**
   * A model.
   *
   * @param inputs one of these is sent, not all
   */
  record InferenceModel(
      String name, String platform, List<ModelTensor> inputs, List<ModelTensor> outputs) {

    static InferenceModel of(String name, Manifest manifest) {
      Preprocessing preprocessing = manifest.preprocessing();
      long size = preprocessing.size();
      ModelTensor image =
          new ModelTensor(
              InferenceRequest.IMAGE,
              "BYTES",
              List.of(ANY),
              Map.of("content", "whole picture files; in JSON as base64"));
      Map<String, Object> normalized =
          Map.of(
              "content", "what the network takes: pixels in 0 to 1, less mean, by std",
              "mean", preprocessing.normalization().mean(),
              "std", preprocessing.normalization().std());
      ModelTensor pixels =
          new ModelTensor(
              InferenceRequest.PIXELS, "FP32", List.of(ANY, 3L, size, size), normalized);
      List<String> labels = manifest.labels();
      ModelTensor probabilities =
          new ModelTensor(
              InferenceWriter.PROBABILITIES,
              "FP64",
              List.of(ANY, (long) labels.size()),
              Map.of("labels", labels));
      ModelTensor label = new ModelTensor(InferenceWriter.LABEL, "BYTES", List.of(ANY), Map.of());
      return new InferenceModel(
          name, "onecycle", List.of(image, pixels), List.of(probabilities, label));
    }
  }

  /**
   * A tensor.
   *
   * @param shape -1 for any number of pictures
   * @param parameters what else is to be known of it
   */
  record ModelTensor(
      String name, String datatype, List<Long> shape, Map<String, Object> parameters) {}
}
