package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Page;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.store.download.Download;
import dev.onecycle.store.download.RemoteFile;
import jakarta.validation.Valid;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** The routes by which published weights become checkpoints. */
@RestController
@RequestMapping("/api/v1/checkpoints")
class RemoteWeightsController {

  private static final int MOST_AT_ONCE = 2;

  private final CheckpointImport imports;
  private final Download download;
  private final TemporaryFiles temporary;
  private final JsonMapper mapper;
  private final Semaphore free = new Semaphore(MOST_AT_ONCE);

  RemoteWeightsController(
      CheckpointImport imports,
      Download weightsDownload,
      TemporaryFiles temporary,
      JsonMapper mapper) {
    this.imports = imports;
    this.download = weightsDownload;
    this.temporary = temporary;
    this.mapper = mapper;
  }

  /** Returns public weights, each with the request that brings them here. */
  @GetMapping("/catalog")
  Page<WeightsCatalog.Entry> catalog() {
    return new Page<>(WeightsCatalog.ENTRIES, null);
  }

  /**
   * Downloads weights from a public https server, and answers once they are a checkpoint. They may
   * be of the kinds that an upload may be of.
   */
  @Answers({201, 404, 429})
  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<CheckpointView> fetch(
      @Valid @RequestBody RemoteWeights request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    RemoteFile source = request.source().file();
    Manifest manifest = request.manifest().manifest(mapper);
    if (!free.tryAcquire()) {
      throw new Failure.Overloaded(
          MOST_AT_ONCE + " downloads of weights are under way, maximum " + MOST_AT_ONCE,
          Duration.ofSeconds(30));
    }
    try (TemporaryFile file = temporary.file(".download")) {
      download.fetch(source, file.path(), Download.Listener.NONE);
      return imports.create(file.path(), manifest, key, request);
    } catch (IOException e) {
      throw DiskSpace.failure("the downloaded weights", e);
    } finally {
      free.release();
    }
  }
}
