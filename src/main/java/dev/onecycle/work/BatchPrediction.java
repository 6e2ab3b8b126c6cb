package dev.onecycle.work;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Tta;
import dev.onecycle.serving.PredictionOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of a run of kind {@code batch-predict}, beside its dataset and checkpoint.
 *
 * @param model the name that was asked, which may serve another checkpoint by now
 * @param path of a directory, where there is no dataset; else null
 * @param split which of the dataset's pictures; null for a directory
 * @param labels only pictures of these, or null for all; null for a directory
 * @param topK how many labels a picture has at most
 * @param temperature what logits are divided by
 */
public record BatchPrediction(
    String model,
    @Nullable String path,
    @Nullable SplitChoice split,
    @Nullable List<String> labels,
    ViewChoice tta,
    Tta.Combine combine,
    double beta,
    int topK,
    double temperature) {

  PredictionOptions options(long seed) {
    return new PredictionOptions(tta, combine, beta, new Seed(seed), null, topK, temperature);
  }

  /** Returns whether a picture of that label is wanted. */
  boolean wants(@Nullable String label) {
    return labels == null || (label != null && labels.contains(label));
  }
}
