package dev.onecycle.checkpoint.web;

import dev.onecycle.checkpoint.CheckpointProperties;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.store.Checksum;
import dev.onecycle.store.DiskSpace;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
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

  private final CheckpointImport imports;
  private final JsonMapper mapper;
  private final JsonParts parts;
  private final DataSize maxUpload;
  private final TemporaryFiles temporary;

  CheckpointImportController(
      CheckpointImport imports,
      JsonMapper mapper,
      JsonParts parts,
      CheckpointProperties properties,
      TemporaryFiles temporary) {
    this.imports = imports;
    this.mapper = mapper;
    this.parts = parts;
    this.maxUpload = properties.maxUpload();
    this.temporary = temporary;
  }

  /** The parts that make two imports the same. */
  private record ImportRequest(ForeignManifest manifest, String weightsSha256) {}

  /**
   * Takes weights and the manifest that says what they mean: {@code {architecture, activation,
   * pooling, selfAttention, labels, normalize, itemSize, size, cropShare}}. They may be safetensors
   * or a file of PyTorch's ({@code .pth}: a state dict, or what {@code learn.save} wrote), by
   * fastai's names or timm's. Without labels their head is left out: a body to train from. Stored
   * anew, so that a download gives the same numbers as float32 and not the bytes that were sent.
   */
  @Answers({201, 404})
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
    try (TemporaryFile file = temporary.file(".upload")) {
      // By name, not by path: the servlet container then renames its file instead of copying it.
      weights.transferTo(file.path().toFile());
      return imports.create(file.path(), checked, key, request);
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
