package dev.onecycle.run.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.onecycle.run.ResumedFrom;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Transition;
import dev.onecycle.run.forecast.Eta;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.Progress;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run as it is shown.
 *
 * @param dataset null where it works on what is no dataset
 * @param datasetVersion which version of its pictures' labels the dataset is, from 1
 * @param recipe what a kind of run is asked for that trains, else null
 * @param options what another kind of run is asked for, else null
 * @param queuePosition from 1 while it is queued, else null
 * @param resumedFrom where this attempt went on, or null if it began from nothing
 * @param eta when it starts and ends; null unless it is queued or runs and earlier runs tell
 * @param ttaAccuracy of the best epoch's weights with the recipe's test-time augmentation, or null
 * @param from the checkpoint that it started from or works with, or null
 * @param warnings what was doubtful when it was submitted
 * @param checkpoint of the best epoch so far, or null
 * @param worker who holds it, or null
 * @param lastEvent the number of its last event: a stream that begins there tells what comes
 * @param transitions every state it was in; null in lists
 */
public record RunView(
    UUID id,
    String kind,
    String name,
    Set<String> tags,
    @Nullable UUID dataset,
    @Nullable Integer datasetVersion,
    @JsonRawValue @Schema(types = "object") @Nullable String recipe,
    @JsonRawValue @Schema(types = "object") @Nullable String options,
    long seed,
    int priority,
    @Nullable UUID from,
    List<String> warnings,
    RunState state,
    @Nullable Long queuePosition,
    @Nullable Eta eta,
    int attempt,
    int maxAttempts,
    @Nullable ResumedFrom resumedFrom,
    @Nullable Progress progress,
    @Nullable EpochRecord bestEpoch,
    @Nullable EpochRecord lastEpoch,
    @Nullable Double ttaAccuracy,
    @Nullable UUID checkpoint,
    @Nullable String worker,
    @Nullable String device,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable RunFailure failure,
    long lastEvent,
    @Nullable List<Transition> transitions) {

  /**
   * @param trains whether its kind is asked for a recipe
   */
  static RunView of(
      Run run,
      boolean trains,
      @Nullable Long queuePosition,
      @Nullable Eta eta,
      @Nullable List<Transition> transitions) {
    RunSpec spec = run.spec();
    return new RunView(
        run.id(),
        spec.kind(),
        spec.name(),
        run.tags(),
        spec.dataset(),
        run.datasetVersion(),
        trains ? run.asked() : null,
        trains ? null : run.asked(),
        spec.seed(),
        spec.priority(),
        spec.from(),
        run.warnings(),
        run.state(),
        queuePosition,
        eta,
        run.attempt(),
        run.maxAttempts(),
        run.resumedFrom(),
        run.progress(),
        run.bestEpoch(),
        run.lastEpoch(),
        run.ttaAccuracy(),
        run.checkpointId(),
        run.worker(),
        run.device(),
        run.createdAt(),
        run.startedAt(),
        run.endedAt(),
        run.failure(),
        run.lastEvent(),
        transitions);
  }
}
