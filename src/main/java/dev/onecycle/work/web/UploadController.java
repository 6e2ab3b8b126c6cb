package dev.onecycle.work.web;

import dev.onecycle.dataset.DatasetLook;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.LabelTableUpload;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.dataset.web.DatasetView;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.JsonParts;
import dev.onecycle.store.Blob;
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
  private final ReceivedFiles files;
  private final JsonParts json;

  UploadController(
      Datasets datasets,
      Imports imports,
      DatasetLooks looks,
      Idempotency idempotency,
      ReceivedFiles files,
      JsonParts json) {
    this.datasets = datasets;
    this.imports = imports;
    this.looks = looks;
    this.idempotency = idempotency;
    this.files = files;
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
  @Answers({404, 413, 415, 429})
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
    files.requireRoom(request.getContentLengthLong());
    DatasetUpload sent = DatasetUpload.of(request, json);
    return dryRun
        ? ResponseEntity.ok(look(sent))
        : ImportController.accepted(datasets.required(submit(key, sent)));
  }

  private UUID submit(@Nullable String key, DatasetUpload sent) throws IOException {
    String sentAs = sent.archive().getOriginalFilename();
    Blob archive = files.store(sent.archive());
    LabelTableUpload table = null;
    boolean taken = false;
    try {
      LabelTableUpload beside = sent.csv() == null ? null : table(sent.csv());
      table = beside;
      String tableSum = beside == null ? null : beside.blob().sha256();
      UUID id =
          idempotency.once(
              key,
              "datasets",
              new Sent(sent.name(), sentAs, sent.spec(), archive.sha256(), tableSum),
              () -> imports.submitUpload(sent.name(), sentAs, archive, beside, sent.spec()));
      taken = archive.equals(datasets.required(id).upload());
      return id;
    } finally {
      if (!taken) {
        files.delete(archive);
        if (table != null) {
          files.delete(table.blob());
        }
      }
    }
  }

  private LabelTableUpload table(MultipartFile csv) throws IOException {
    return new LabelTableUpload(DatasetUpload.fileName(csv), files.store(csv));
  }

  private DatasetLook look(DatasetUpload sent) throws IOException {
    try (TemporaryFile archive = files.file(sent.archive())) {
      if (sent.csv() == null) {
        return look(sent, archive, null);
      }
      try (TemporaryFile csv = files.file(sent.csv())) {
        PicturePath name = PicturePath.of(DatasetUpload.fileName(sent.csv()));
        return look(sent, archive, new SourcePacker.Table(csv.path(), name));
      }
    }
  }

  private DatasetLook look(
      DatasetUpload sent, TemporaryFile archive, SourcePacker.@Nullable Table table)
      throws IOException {
    SourcePacker.Sent files = new SourcePacker.Sent(archive.path(), table);
    return looks.look(Source.upload("archive"), files, sent.spec());
  }
}
