package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.format.ForeignWeights;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Idempotency;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Makes checkpoints of files of weights, however they came. */
@Component
class CheckpointImport {

  private final Checkpoints checkpoints;
  private final CheckpointStore store;
  private final Idempotency idempotency;

  CheckpointImport(Checkpoints checkpoints, CheckpointStore store, Idempotency idempotency) {
    this.checkpoints = checkpoints;
    this.store = store;
    this.idempotency = idempotency;
  }

  /**
   * Makes one, and the answer that shows it.
   *
   * @param key the request's {@code Idempotency-Key}, or null
   * @param request what makes two requests the same
   * @throws Failure.Invalid if the weights are not what the manifest says
   */
  ResponseEntity<CheckpointView> create(
      Path weights, Manifest manifest, @Nullable String key, Object request) throws IOException {
    Checkpoint written = store.write(manifest, ForeignWeights.read(weights, manifest.layout()));
    UUID id = save(written, key, request);
    CheckpointView view = CheckpointView.of(store.get(id));
    return ResponseEntity.created(URI.create("/api/v1/checkpoints/" + id)).body(view);
  }

  /** Saves the row; the weights are stored before: a transaction does not wait for that. */
  private UUID save(Checkpoint written, @Nullable String key, Object request) {
    UUID saved;
    try {
      saved = idempotency.once(key, "checkpoints", request, () -> checkpoints.save(written).id());
    } catch (Failure refused) {
      store.discard(written);
      throw refused;
    } // After another failure the row may be there all the same: if not, the file is an orphan.
    if (!saved.equals(written.id())) {
      store.discard(written);
    }
    return saved;
  }
}
