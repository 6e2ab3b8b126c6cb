package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetFiles;
import dev.onecycle.dataset.DatasetLook;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.LabelTableUpload;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.dataset.layout.LabelRule;
import dev.onecycle.dataset.layout.PicturePath;
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
import dev.onecycle.work.DatasetLooks;
import dev.onecycle.work.Imports;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
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
  private final DatasetLooks looks;
  private final Idempotency idempotency;
  private final BlobStore store;
  private final DiskSpace space;
  private final TemporaryFiles temporary;
  private final JsonParts json;

  UploadController(
      Datasets datasets,
      Imports imports,
      DatasetLooks looks,
      Idempotency idempotency,
      BlobStore store,
      DiskSpace space,
      TemporaryFiles temporary,
      JsonParts json) {
    this.datasets = datasets;
    this.imports = imports;
    this.looks = looks;
    this.idempotency = idempotency;
    this.store = store;
    this.space = space;
    this.temporary = temporary;
    this.json = json;
  }

  /** What makes two uploads the same. */
  private record Sent(
      @Nullable String name,
      @Nullable String fileName,
      ImportSpec spec,
      String sha256,
      @Nullable String tableSha256) {}

  /**
   * The parts of an upload.
   *
   * @param split as in JSON, or its strategy's word alone
   * @param labels as in JSON, or its word alone
   * @param csv a table of labels, which counts without a rule
   */
  record DatasetParts(
      @Schema(types = "string", format = "binary") Object archive,
      String name,
      String split,
      String labels,
      String nameEncoding,
      @Schema(types = "string", format = "binary") Object csv) {}

  /**
   * Takes the parts {@code archive}, {@code name}, {@code split}, {@code labels}, {@code
   * nameEncoding} and {@code csv}, a table of labels; then as for JSON.
   */
  @ApiResponse(
      responseCode = "202",
      description = "Its import goes on",
      content = @Content(schema = @Schema(implementation = DatasetView.class)))
  @ApiResponse(
      responseCode = "200",
      description = "How it would be understood",
      content = @Content(schema = @Schema(implementation = DatasetLook.class)))
  @Answers({413, 415, 429})
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = "multipart/form-data",
              schema =
                  @Schema(implementation = DatasetParts.class, requiredProperties = "archive")))
  @PostMapping(consumes = "multipart/form-data")
  ResponseEntity<?> create(
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestParam(defaultValue = "false") boolean dryRun,
      MultipartHttpServletRequest request)
      throws IOException {
    space.require(temporary.directory(), Math.max(0, request.getContentLengthLong()));
    MultipartFile archive = request.getFile("archive");
    if (archive == null || archive.isEmpty()) {
      throw new Failure.Invalid(
          "the part 'archive' is missing or empty", "Send -F archive=@pictures.tgz.");
    }
    String name = request.getParameter("name");
    MultipartFile csv = request.getFile("csv");
    ImportSpec spec =
        new ImportSpec(
            split(request.getParameter("split")),
            labels(request.getParameter("labels"), csv),
            text(request.getParameter("nameEncoding")));
    if (dryRun) {
      return ResponseEntity.ok(look(archive, csv, spec));
    }
    String sentAs = archive.getOriginalFilename();
    Blob upload = store(archive);
    LabelTableUpload table = null;
    boolean taken = false;
    try {
      table = csv == null ? null : new LabelTableUpload(fileName(csv), store(csv));
      LabelTableUpload beside = table;
      UUID id =
          idempotency.once(
              key,
              "datasets",
              new Sent(
                  name,
                  sentAs,
                  spec,
                  upload.sha256(),
                  beside == null ? null : beside.blob().sha256()),
              () -> imports.submitUpload(name, sentAs, upload, beside, spec));
      taken = upload.equals(datasets.required(id).upload());
      return ImportController.accepted(datasets.required(id));
    } finally {
      if (!taken) {
        store.delete(upload.key());
        if (table != null) {
          store.delete(table.blob().key());
        }
      }
    }
  }

  private DatasetLook look(MultipartFile archive, @Nullable MultipartFile csv, ImportSpec spec)
      throws IOException {
    try (TemporaryFile pictures = temporary.file(".upload");
        TemporaryFile table = temporary.file(".upload")) {
      archive.transferTo(pictures.path().toFile());
      if (csv != null) {
        csv.transferTo(table.path().toFile());
      }
      return looks.look(
          Source.upload("archive"),
          new SourcePacker.Sent(
              pictures.path(),
              csv == null ? null : table.path(),
              csv == null ? null : fileName(csv)),
          spec);
    }
  }

  /** The last part of its name, as a table in the archive could have. */
  private static String fileName(MultipartFile csv) {
    String sent = csv.getOriginalFilename();
    String name =
        sent == null
            ? ""
            : sent.substring(1 + Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')));
    return name.isBlank() || name.startsWith(".") || PicturePath.of(name).problem() != null
        ? "labels.csv"
        : name;
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** A rule's word, or the whole rule as JSON; where a table is sent without one, that table. */
  private @Nullable LabelRule labels(@Nullable String text, @Nullable MultipartFile csv) {
    if (text == null || text.isBlank()) {
      return csv == null ? null : LabelRule.table(fileName(csv));
    }
    return text.strip().startsWith("{")
        ? json.read("labels", text, LabelRule.class)
        : LabelRule.of(text);
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
