package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetFiles;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.dataset.web.DatasetView;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.work.Imports;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartHttpServletRequest;

/**
 * Datasets that are sent as an archive. It is streamed to the disk, never held in memory, and goes
 * into the store before its dataset is recorded: any process that imports finds it there.
 */
@RestController
@RequestMapping("/api/v1/datasets")
class UploadController {

  private final Datasets datasets;
  private final Imports imports;
  private final Idempotency idempotency;
  private final BlobStore store;
  private final DiskSpace space;
  private final TemporaryFiles temporary;
  private final JsonParts json;

  UploadController(
      Datasets datasets,
      Imports imports,
      Idempotency idempotency,
      BlobStore store,
      DiskSpace space,
      TemporaryFiles temporary,
      JsonParts json) {
    this.datasets = datasets;
    this.imports = imports;
    this.idempotency = idempotency;
    this.store = store;
    this.space = space;
    this.temporary = temporary;
    this.json = json;
  }

  /** What makes two uploads the same. */
  private record Sent(
      @Nullable String name, @Nullable String fileName, @Nullable SplitSpec split, String sha256) {}

  /**
   * The parts of an upload.
   *
   * @param split as in JSON, or its strategy's word alone
   */
  record DatasetParts(
      @Schema(types = "string", format = "binary") Object archive, String name, String split) {}

  /** Takes the parts {@code archive}, {@code name} and {@code split}; then as for JSON. */
  @Answers({202, 413, 415})
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "multipart/form-data",
              schema =
                  @Schema(implementation = DatasetParts.class, requiredProperties = "archive")))
  @PostMapping(consumes = "multipart/form-data")
  ResponseEntity<DatasetView> create(
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      MultipartHttpServletRequest request)
      throws IOException {
    space.require(temporary.directory(), Math.max(0, request.getContentLengthLong()));
    MultipartFile archive = request.getFile("archive");
    if (archive == null || archive.isEmpty()) {
      throw new Failure.Invalid(
          "the part 'archive' is missing or empty", "Send -F archive=@pictures.tgz.");
    }
    String name = request.getParameter("name");
    SplitSpec split = split(request.getParameter("split"));
    String sentAs = archive.getOriginalFilename();
    Blob upload = store(archive);
    boolean taken = false;
    try {
      UUID id =
          idempotency.once(
              key,
              "datasets",
              new Sent(name, sentAs, split, upload.sha256()),
              () -> imports.submitUpload(name, sentAs, upload, split));
      taken = upload.equals(datasets.required(id).upload());
      return ImportController.accepted(datasets.required(id));
    } finally {
      if (!taken) {
        store.delete(upload.key());
      }
    }
  }

  private Blob store(MultipartFile archive) throws IOException {
    try (TemporaryFile file = temporary.file(".upload")) {
      // By name, not by path: the servlet container then renames its file instead of copying it.
      archive.transferTo(file.path().toFile());
      return store.put(DatasetFiles.upload(UUID.randomUUID()), file.path());
    }
  }

  /** {@code folders}, {@code random}, or the whole specification as JSON. */
  private @Nullable SplitSpec split(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    return text.strip().startsWith("{")
        ? json.read("split", text, SplitSpec.class)
        : SplitSpec.by(text);
  }
}
