package dev.onecycle.checkpoint.export;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.image.Chain;
import dev.onecycle.network.Architecture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} by which timm makes a network and its pictures ({@code
 * timm/models/_hub.py}).
 *
 * @param architecture timm's name of it
 * @param classes how many logits; 0 of a body
 * @param labels in the order of the logits; null of a body
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"architecture", "num_classes", "num_features", "global_pool"})
record TimmConfig(
    String architecture,
    @JsonProperty("num_classes") int classes,
    @JsonProperty("num_features") int features,
    @JsonProperty("global_pool") String pool,
    @JsonProperty("label_names") @Nullable List<String> labels,
    @JsonProperty("pretrained_cfg") Pretrained pretrained) {

  /**
   * What the weights were trained on.
   *
   * @param inputSize channels, height, width
   * @param cropShare how much of the resized shorter side is seen
   */
  @JsonPropertyOrder({"input_size", "crop_pct", "crop_mode", "interpolation", "mean", "std"})
  record Pretrained(
      @JsonProperty("input_size") List<Integer> inputSize,
      @JsonProperty("crop_pct") double cropShare,
      @JsonProperty("crop_mode") String cropMode,
      String interpolation,
      List<Double> mean,
      List<Double> std,
      @JsonProperty("num_classes") int classes,
      @JsonProperty("first_conv") String firstConvolution,
      String classifier) {}

  /**
   * @param model timm's name of the manifest's network
   */
  static TimmConfig of(Manifest manifest, String model) {
    Preprocessing made = manifest.preprocessing();
    int size = made.size();
    int classes = manifest.labels().size();
    boolean cut = made.chain() == Chain.TIMM;
    return new TimmConfig(
        model,
        classes,
        Architecture.of(manifest.network()).features(),
        "avg",
        manifest.isBody() ? null : manifest.labels(),
        new Pretrained(
            List.of(3, size, size),
            cut ? share(size, made.itemSize()) : 1,
            "center",
            cut ? "bicubic" : "bilinear",
            made.normalization().mean(),
            made.normalization().std(),
            classes,
            "conv1.0",
            "fc"));
  }

  /** The share by which timm, which rounds down, resizes to exactly {@code itemSize}. */
  static double share(int size, int itemSize) {
    double share = (double) size / itemSize;
    return (int) (size / share) == itemSize ? share : Math.nextDown(share);
  }
}
