package dev.onecycle.checkpoint;

import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The safetensors files of checkpoints in the store, each with its manifest in its metadata. */
@Component
class CheckpointFiles {

  private final BlobStore blobs;
  private final TemporaryFiles temporary;
  private final StoredJson json;

  CheckpointFiles(BlobStore blobs, TemporaryFiles temporary, StoredJson json) {
    this.blobs = blobs;
    this.temporary = temporary;
    this.json = json;
  }

  /**
   * Stores weights durably.
   *
   * @throws Failure.Unavailable if they cannot be written
   */
  Blob write(UUID id, Manifest manifest, StateDict state) {
    try (TemporaryFile file = temporary.file(".safetensors")) {
      Map<String, String> metadata = Map.of("format", "pt", "manifest", json.write(manifest));
      WeightsFile.write(file.path(), state, metadata);
      return blobs.put(key(id, manifest.origin()), file.path());
    } catch (IOException e) {
      throw DiskSpace.failure("checkpoint " + id, e);
    }
  }

  private static String key(UUID id, @Nullable Origin origin) {
    String file = id + ".safetensors";
    return origin == null
        ? "checkpoints/" + file
        : "runs/" + origin.run() + "/" + origin.attempt() + "/" + file;
  }

  /** Returns the file of a checkpoint, to be read only. */
  Path file(Checkpoint checkpoint) {
    return blobs.file(checkpoint.weights());
  }

  /**
   * Returns the file of a checkpoint as {@link #file}, after comparing its checksum.
   *
   * @throws Failure.Unavailable if it is damaged or cannot be read
   */
  Path verified(Checkpoint checkpoint) {
    blobs.verify(checkpoint.weights());
    return file(checkpoint);
  }

  /**
   * Reads weights after comparing their checksum.
   *
   * @throws Failure.Unavailable if they are damaged or cannot be read
   */
  StateDict read(Checkpoint checkpoint) {
    Path file = verified(checkpoint);
    try {
      return WeightsFile.read(file, checkpoint.manifest().layout());
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "the weights of checkpoint " + checkpoint.id() + " cannot be read: " + Reason.of(e),
          null,
          e);
    }
  }

  void delete(Blob weights) {
    blobs.delete(weights.key());
  }

  @TransactionalEventListener
  void forget(CheckpointDeleted deleted) {
    delete(deleted.weights());
  }
}
