package dev.onecycle.work.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.run.RunSpec;
import dev.onecycle.serving.web.PredictionQuery;
import dev.onecycle.work.EvaluationOptions;
import dev.onecycle.work.EvaluationWork;
import dev.onecycle.work.SplitChoice;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sends to have a model evaluated.
 *
 * @param dataset the dataset's id; its labels are the model's by their names
 * @param split train, all or, absent, valid
 * @param tta none, flip, 4 or 8: what is evaluated beside the plain view; absent, none
 * @param seed where augmented views are drawn from; absent, 0
 * @param name what people call the run; absent, "evaluate"
 * @param priority -100 to 100, absent 0; the highest goes first
 */
record EvaluationRequest(
    @NotNull UUID dataset,
    SplitChoice split,
    @Nullable String tta,
    Long seed,
    String name,
    Integer priority) {

  EvaluationRequest {
    split = split == null ? SplitChoice.VALID : split;
    seed = seed == null ? 0 : seed;
    name = name == null ? EvaluationWork.KIND : name;
    priority = priority == null ? 0 : priority;
  }

  /** Returns the run that is asked for; throws as {@link RunSpec} does. */
  RunSpec spec(Checkpoint checkpoint) {
    return new RunSpec(EvaluationWork.KIND, dataset, seed, name, priority, checkpoint.id());
  }

  /** Returns what its work is asked for; throws as {@link PredictionQuery#ofRun} does. */
  EvaluationOptions asked(String model, Checkpoint checkpoint) {
    PredictionQuery query = new PredictionQuery(tta, null, null, null, seed, null, null);
    return new EvaluationOptions(model, split, query.ofRun(() -> checkpoint).views());
  }
}
