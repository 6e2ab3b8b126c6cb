package dev.onecycle.checkpoint;

import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.CodeVersion;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.InTheWay;
import dev.onecycle.platform.Reason;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The place where checkpoints are kept and read. Weights are on the disk before their row exists,
 * and are verified before they are used. Safe for any number of threads and processes.
 */
@Service
public class CheckpointStore {

  private final Checkpoints checkpoints;
  private final BlobStore blobs;
  private final SelfTests selfTests;
  private final InTheWay inTheWay;
  private final TemporaryFiles temporary;
  private final Ids ids;
  private final Clock clock;
  private final CodeVersion codeVersion;
  private final StoredJson json;
  private final ApplicationEventPublisher publisher;

  CheckpointStore(
      Checkpoints checkpoints,
      BlobStore blobs,
      SelfTests selfTests,
      InTheWay inTheWay,
      TemporaryFiles temporary,
      Ids ids,
      Clock clock,
      CodeVersion codeVersion,
      StoredJson json,
      ApplicationEventPublisher publisher) {
    this.checkpoints = checkpoints;
    this.blobs = blobs;
    this.selfTests = selfTests;
    this.inTheWay = inTheWay;
    this.temporary = temporary;
    this.ids = ids;
    this.clock = clock;
    this.codeVersion = codeVersion;
    this.json = json;
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
                  manifest.architecture(),
                  manifest.labels().size()));
    }
    UUID id = ids.next();
    try (TemporaryFile file = temporary.file(".safetensors")) {
      Manifest signed = manifest.of(WeightsFile.sha256(state), selfTests.of(manifest, state));
      WeightsFile.write(file.path(), state, Map.of("format", "pt", "manifest", json.write(signed)));
      Blob weights = blobs.put(key(id, manifest.origin()), file.path());
      return new Checkpoint(id, signed, weights, codeVersion.version(), clock.instant());
    } catch (IOException e) {
      throw DiskSpace.failure("checkpoint " + id, e);
    }
  }

  /** Takes back what was written and is not saved. */
  public void discard(Checkpoint unsaved) {
    blobs.delete(unsaved.weights().key());
  }

  private static String key(UUID id, @Nullable Origin origin) {
    String file = id + ".safetensors";
    return origin == null
        ? "checkpoints/" + file
        : "runs/" + origin.run() + "/" + origin.attempt() + "/" + file;
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
    return blobs.file(checkpoint.weights());
  }

  /**
   * Reads a checkpoint's weights after comparing their checksum.
   *
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Unavailable if its weights are damaged or cannot be read
   */
  public LoadedCheckpoint load(UUID id) {
    Checkpoint checkpoint = get(id);
    blobs.verify(checkpoint.weights());
    try {
      Manifest manifest = checkpoint.manifest();
      return new LoadedCheckpoint(
          id, manifest, WeightsFile.read(file(checkpoint), manifest.layout()));
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "the weights of checkpoint " + id + " cannot be read: " + Reason.of(e), null, e);
    }
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
    inTheWay.refuse(doomed.stream().map(Checkpoint::id).toList(), message, fix);
    try {
      checkpoints.deleteAllInBatch(doomed);
    } catch (DataIntegrityViolationException e) {
      throw new Failure.Conflict(message, fix);
    }
    doomed.forEach(c -> publisher.publishEvent(new CheckpointDeleted(c.id(), c.weights())));
  }

  @TransactionalEventListener
  void forget(CheckpointDeleted deleted) {
    blobs.delete(deleted.weights().key());
  }
}
