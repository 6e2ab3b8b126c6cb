package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointProperties;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.format.WeightsFile;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.store.Checksum;
import dev.onecycle.store.DiskSpace;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import tools.jackson.databind.json.JsonMapper;

/** The route by which weights from elsewhere, such as from fastai, become checkpoints. */
@RestController
@RequestMapping("/api/v1/checkpoints")
class CheckpointImportController {

  private final Checkpoints checkpoints;
  private final CheckpointStore store;
  private final Idempotency idempotency;
  private final JsonMapper mapper;
  private final JsonParts parts;
  private final DataSize maxUpload;
  private final TemporaryFiles temporary;

  CheckpointImportController(
      Checkpoints checkpoints,
      CheckpointStore store,
      Idempotency idempotency,
      JsonMapper mapper,
      JsonParts parts,
      CheckpointProperties properties,
      TemporaryFiles temporary) {
    this.checkpoints = checkpoints;
    this.store = store;
    this.idempotency = idempotency;
    this.mapper = mapper;
    this.parts = parts;
    this.maxUpload = properties.maxUpload();
    this.temporary = temporary;
  }

  /** The parts that make two imports the same. */
  private record ImportRequest(ForeignManifest manifest, String weightsSha256) {}

  /**
   * Takes safetensors with fastai's state-dict names and the manifest that says what they mean:
   * {@code {architecture, activation, pooling, selfAttention, labels, normalize, itemSize, size}}.
   * Stored anew, so that a download gives the same numbers as float32 and not the bytes that were
   * sent.
   */
  @Answers(201)
  @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  ResponseEntity<CheckpointView> create(
      @RequestPart("weights") MultipartFile weights,
      @Parameter(schema = @Schema(implementation = ForeignManifest.class)) @RequestPart("manifest")
          Part manifest,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key)
      throws IOException {
    if (weights.getSize() > maxUpload.toBytes()) {
      throw new Failure.TooLarge(
          "weights of " + weights.getSize() + " bytes > maximum " + maxUpload.toBytes(),
          "Save them in 32 bits, or raise onecycle.checkpoint.max-upload.");
    }
    ForeignManifest foreign = parts.read(manifest, ForeignManifest.class);
    Manifest checked = foreign.manifest(mapper);
    ImportRequest request = new ImportRequest(foreign, sha256(weights));
    UUID id = save(write(checked, weights), key, request);
    CheckpointView view = CheckpointView.of(store.get(id));
    return ResponseEntity.created(URI.create("/api/v1/checkpoints/" + id)).body(view);
  }

  /** Saves the row; the weights are stored before: a transaction does not wait for that. */
  private UUID save(Checkpoint written, @Nullable String key, ImportRequest request) {
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

  private Checkpoint write(Manifest manifest, MultipartFile weights) {
    try (TemporaryFile file = temporary.file(".upload")) {
      // By name, not by path: the servlet container then renames its file instead of copying it.
      weights.transferTo(file.path().toFile());
      return store.write(manifest, WeightsFile.read(file.path(), manifest.layout()));
    } catch (IOException e) {
      throw DiskSpace.failure("the uploaded weights", e);
    }
  }

  private static String sha256(MultipartFile weights) throws IOException {
    try (InputStream bytes = weights.getInputStream()) {
      return Checksum.of("weights", bytes).sha256();
    }
  }
}
