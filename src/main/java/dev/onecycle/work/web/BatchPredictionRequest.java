package dev.onecycle.work.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Settings;
import dev.onecycle.run.RunSpec;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.serving.web.PredictionQuery;
import dev.onecycle.work.BatchPrediction;
import dev.onecycle.work.BatchPredictionWork;
import dev.onecycle.work.SplitChoice;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have many pictures predicted: those of a dataset or of a directory.
 *
 * @param dataset the dataset's id, or null
 * @param path of a directory below {@code onecycle.dataset.roots} of the worker's machine, or null
 * @param split train, valid or, absent, all of the dataset's pictures
 * @param labels only pictures of these labels of the dataset; absent, of all
 * @param tta none, flip, 4 or 8; absent, none
 * @param combine mean or max; absent, mean
 * @param beta weight of the plain view in the mean, 0 to 1; absent, 0.25
 * @param seed where augmented views are drawn from; absent, 0
 * @param topK labels a picture, 1 to 1000; absent, 5
 * @param calibrated whether the temperature of the checkpoint's evaluation is applied
 * @param name what people call the run; absent, "batch-predict"
 * @param priority -100 to 100, absent 0; the highest goes first
 */
record BatchPredictionRequest(
    @Nullable UUID dataset,
    @Size(min = 1, max = 4000) @Nullable String path,
    @Nullable SplitChoice split,
    @Size(min = 1, max = 1000) @Nullable List<@NotNull String> labels,
    @Nullable String tta,
    @Nullable String combine,
    @Nullable Double beta,
    Long seed,
    @Nullable Integer topK,
    @Nullable Boolean calibrated,
    String name,
    Integer priority) {

  BatchPredictionRequest {
    name = name == null ? BatchPredictionWork.KIND : name;
    priority = priority == null ? 0 : priority;
    seed = seed == null ? 0 : seed;
  }

  /** Returns the run that is asked for; throws as {@link RunSpec} does. */
  RunSpec spec(Checkpoint checkpoint) {
    return new RunSpec(BatchPredictionWork.KIND, dataset, seed, name, priority, checkpoint.id());
  }

  /**
   * Returns what its work is asked for; throws as {@link PredictionQuery#ofRun} does.
   *
   * @throws Failure.Invalid for both a dataset and a path, for neither, and for what a path has not
   */
  BatchPrediction asked(String model, Checkpoint checkpoint) {
    requireOneSource();
    PredictionOptions options =
        new PredictionQuery(tta, null, combine, beta, seed, topK, calibrated)
            .ofRun(() -> checkpoint);
    SplitChoice pictures = split == null ? SplitChoice.ALL : split;
    return new BatchPrediction(
        model,
        path,
        dataset == null ? null : pictures,
        labels,
        options.views(),
        options.combine(),
        options.beta(),
        options.topK(),
        options.temperature());
  }

  private void requireOneSource() {
    if ((dataset == null) == (path == null)) {
      throw refused("dataset", "name either a dataset or a path");
    }
    if (path != null && split != null) {
      throw refused("split", "a directory has none");
    }
    if (path != null && labels != null) {
      throw refused("labels", "a directory has none");
    }
  }

  private static RuntimeException refused(String field, String message) {
    return Settings.invalid(List.of(new FieldError(field, message, null, null)));
  }
}
