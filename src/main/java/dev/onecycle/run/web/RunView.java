package dev.onecycle.run.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.onecycle.run.EpochRecord;
import dev.onecycle.run.Eta;
import dev.onecycle.run.Progress;
import dev.onecycle.run.ResumedFrom;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunFailure;
import dev.onecycle.run.RunSpec;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Transition;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * A run as it is shown.
 *
 * @param dataset null where it works on what is no dataset
 * @param recipe null for a kind of run that does not train
 * @param options what a kind of run that does not train is asked for, else null
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
record RunView(
    UUID id,
    String kind,
    String name,
    Set<String> tags,
    UUID dataset,
    @JsonRawValue @Schema(type = "object") String recipe,
    @JsonRawValue @Schema(type = "object") String options,
    long seed,
    int priority,
    UUID from,
    List<String> warnings,
    RunState state,
    Long queuePosition,
    Eta eta,
    int attempt,
    int maxAttempts,
    ResumedFrom resumedFrom,
    Progress progress,
    EpochRecord bestEpoch,
    EpochRecord lastEpoch,
    Double ttaAccuracy,
    UUID checkpoint,
    String worker,
    String device,
    Instant createdAt,
    Instant startedAt,
    Instant endedAt,
    RunFailure failure,
    long lastEvent,
    List<Transition> transitions) {

  static RunView inList(Run run, Long queuePosition, Eta eta) {
    return of(run, queuePosition, eta, null);
  }

  static RunView of(Run run, Long queuePosition, Eta eta) {
    return of(run, queuePosition, eta, run.transitions());
  }

  private static RunView of(Run run, Long queuePosition, Eta eta, List<Transition> transitions) {
    RunSpec spec = run.spec();
    return new RunView(
        run.id(),
        spec.kind(),
        spec.name(),
        run.tags(),
        spec.dataset(),
        spec.hasRecipe() ? spec.recipe() : null,
        spec.hasRecipe() ? null : spec.recipe(),
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
