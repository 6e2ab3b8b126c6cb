package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.web.RemoteWeights.WeightsSource;
import dev.onecycle.image.Normalization;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Public weights that an import can name: timm's of the networks that are known here. */
final class WeightsCatalog {

  private static final String PLACE =
      "https://huggingface.co/timm/%s/resolve/main/model.safetensors";
  private static final int IMAGENET_LABELS = 1000;
  private static final Normalization IMAGENET = Normalization.imagenet();
  private static final Normalization HALVES =
      new Normalization(List.of(.5, .5, .5), List.of(.5, .5, .5));
  private static final JsonMapper JSON = JsonMapper.shared();

  private WeightsCatalog() {}

  /**
   * Public weights.
   *
   * @param name timm's
   * @param licence of the weights, as SPDX names it
   * @param labels how many the published head has, ImageNet's in its order; the request leaves the
   *     head out, and brings it too where it is given their names as {@code manifest.labels}
   * @param request to send to {@code POST /checkpoints} as it is
   */
  record Entry(
      String name,
      String licence,
      String architecture,
      int labels,
      PublishedPreprocessing preprocessing,
      RemoteWeights request) {}

  /**
   * What pictures were made into when the weights were validated.
   *
   * @param cropShare how much of the shorter side was seen
   */
  record PublishedPreprocessing(
      int size, double cropShare, List<Double> mean, List<Double> std, String interpolation) {}

  static final List<Entry> ENTRIES =
      Stream.of(
              entry("resnet18d.ra4_e3600_r224_in1k", 224, 0.9, HALVES),
              entry("resnet18d.ra2_in1k", 224, 0.875, IMAGENET),
              entry("resnet34d.ra2_in1k", 224, 0.875, IMAGENET),
              entry("resnet50d.ra4_e3600_r224_in1k", 224, 0.95, HALVES),
              entry("resnet50d.ra2_in1k", 224, 0.875, IMAGENET),
              entry("resnet50d.a1_in1k", 224, 0.95, IMAGENET),
              entry("resnet50d.a2_in1k", 224, 0.95, IMAGENET),
              entry("resnet50d.a3_in1k", 160, 0.95, IMAGENET),
              entry("resnet50d.gluon_in1k", 224, 0.875, IMAGENET),
              entry("resnet101d.ra2_in1k", 256, 0.95, IMAGENET),
              entry("resnet101d.gluon_in1k", 224, 0.875, IMAGENET),
              entry("resnet152d.ra2_in1k", 256, 0.95, IMAGENET),
              entry("resnet152d.gluon_in1k", 224, 0.875, IMAGENET))
          .toList();

  private static Entry entry(String name, int size, double cropShare, Normalization normalization) {
    String architecture = "x" + name.substring(0, name.indexOf("d."));
    JsonNode normalize = JSON.valueToTree(normalization);
    return new Entry(
        name,
        "Apache-2.0",
        architecture,
        IMAGENET_LABELS,
        new PublishedPreprocessing(
            size, cropShare, normalization.mean(), normalization.std(), "bicubic"),
        new RemoteWeights(
            new WeightsSource(RemoteWeights.Type.URL, PLACE.formatted(name), null),
            new ForeignManifest(
                architecture, null, null, null, null, normalize, null, size, cropShare)));
  }
}
