package dev.onecycle.checkpoint;

import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.CodeVersion;
import dev.onecycle.platform.DeletionGuard;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import dev.onecycle.store.Blob;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The place where checkpoints are kept and read. Weights are on the disk before their row exists,
 * and are verified before they are used. Safe for any number of threads and processes.
 */
@Service
public class CheckpointStore {

  private final Checkpoints checkpoints;
  private final CheckpointFiles files;
  private final SelfTests selfTests;
  private final DeletionGuard guard;
  private final Ids ids;
  private final Clock clock;
  private final CodeVersion codeVersion;
  private final ApplicationEventPublisher publisher;

  CheckpointStore(
      Checkpoints checkpoints,
      CheckpointFiles files,
      SelfTests selfTests,
      DeletionGuard guard,
      Ids ids,
      Clock clock,
      CodeVersion codeVersion,
      ApplicationEventPublisher publisher) {
    this.checkpoints = checkpoints;
    this.files = files;
    this.selfTests = selfTests;
    this.guard = guard;
    this.ids = ids;
    this.clock = clock;
    this.codeVersion = codeVersion;
    this.publisher = publisher;
  }

  /**
   * Stores weights durably and answers their checkpoint, which does not count until the caller has
   * saved it with {@link Checkpoints#save}: a worker does so in its fenced transaction. The file
   * carries the manifest among its metadata, which says what the weights answer in a self-test.
   *
   * @throws Failure.Invalid if the state is not of the manifest's layout
   * @throws Failure.Unavailable if it cannot be written
   */
  public Checkpoint write(Manifest manifest, StateDict state) {
    if (!state.layout().equals(manifest.layout())) {
      throw new Failure.Invalid(
          "weights of %s with %d labels for a manifest of %s with %d"
              .formatted(
                  state.layout().architecture().name(),
                  state.layout().classes(),
                  manifest.network().label(),
                  manifest.labels().size()));
    }
    UUID id = ids.next();
    Manifest signed = manifest.of(WeightsFile.sha256(state), selfTests.of(manifest, state));
    Blob weights = files.write(id, signed, state);
    return new Checkpoint(id, signed, weights, codeVersion.version(), clock.instant());
  }

  /** Takes back what was written and is not saved. */
  public void discard(Checkpoint unsaved) {
    files.delete(unsaved.weights());
  }

  /**
   * Finds the checkpoint of that id.
   *
   * @throws Failure.NotFound if there is none
   */
  public Checkpoint get(UUID id) {
    return checkpoints.required(id);
  }

  /** Returns all checkpoints of a run, in no order. */
  public List<Checkpoint> of(UUID runId) {
    return checkpoints.findByRunId(runId);
  }

  /** Returns a checkpoint's safetensors file, to be read only. */
  public Path file(Checkpoint checkpoint) {
    return files.file(checkpoint);
  }

  /**
   * Returns a checkpoint's safetensors file as {@link #file}, after comparing its checksum.
   *
   * @throws Failure.Unavailable if it is damaged or cannot be read
   */
  public Path verified(Checkpoint checkpoint) {
    return files.verified(checkpoint);
  }

  /**
   * Reads a checkpoint's weights after comparing their checksum.
   *
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Unavailable if its weights are damaged or cannot be read
   */
  public LoadedCheckpoint load(UUID id) {
    Checkpoint checkpoint = get(id);
    return new LoadedCheckpoint(
        id, checkpoint.manifest(), files.read(checkpoint), checkpoint.quantization());
  }

  /**
   * Records what it takes to predict in 8 bits, unless the checkpoint is gone. Called in a
   * transaction, which writes it.
   */
  public void quantized(UUID id, Quantization found) {
    checkpoints
        .findById(id)
        .ifPresent(
            checkpoint -> {
              checkpoint.quantization(found);
              publisher.publishEvent(new CheckpointQuantized(id));
            });
  }

  /**
   * Deletes a checkpoint and, once that is committed, its weights.
   *
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Conflict if something still uses it
   */
  @Transactional
  public void delete(UUID id) {
    delete(List.of(get(id)));
  }

  /** Deletes all checkpoints of a run as {@link #delete(UUID)} does: all of them or none. */
  @Transactional
  public void deleteOf(UUID runId) {
    delete(checkpoints.findByRunId(runId));
  }

  private void delete(List<Checkpoint> doomed) {
    String message =
        "a model or a run still uses "
            + (doomed.size() == 1 ? "this checkpoint" : "these checkpoints");
    String fix = "Point the model at another checkpoint, or delete the model or run first.";
    guard.refuse(doomed.stream().map(Checkpoint::id).toList(), message, fix);
    try {
      checkpoints.deleteAllInBatch(doomed);
    } catch (DataIntegrityViolationException e) {
      throw new Failure.Conflict(message, fix);
    }
    doomed.forEach(c -> publisher.publishEvent(new CheckpointDeleted(c.id(), c.weights())));
  }
}
