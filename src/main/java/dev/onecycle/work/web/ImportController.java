package dev.onecycle.work.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetLook;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.web.DatasetView;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.work.DatasetDeletion;
import dev.onecycle.work.DatasetDeletions;
import dev.onecycle.work.DatasetLooks;
import dev.onecycle.work.Imports;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Datasets that come and go. */
@RestController
@RequestMapping("/api/v1/datasets")
class ImportController {

  private final Datasets datasets;
  private final Imports imports;
  private final DatasetLooks looks;
  private final DatasetDeletions deletions;
  private final Idempotency idempotency;

  ImportController(
      Datasets datasets,
      Imports imports,
      DatasetLooks looks,
      DatasetDeletions deletions,
      Idempotency idempotency) {
    this.datasets = datasets;
    this.looks = looks;
    this.imports = imports;
    this.deletions = deletions;
    this.idempotency = idempotency;
  }

  /**
   * Begins the import of a directory, a URL, a bucket of S3 or the sample. A key that was used
   * before answers its dataset, or 404 where that was deleted.
   *
   * @param dryRun to be told how it would be understood, by the names of its files, and import
   *     nothing
   */
  @ApiResponse(
      responseCode = "202",
      description = "Its import goes on",
      content = @Content(schema = @Schema(implementation = DatasetView.class)))
  @ApiResponse(
      responseCode = "200",
      description = "How it would be understood",
      content = @Content(schema = @Schema(implementation = DatasetLook.class)))
  @Answers({404, 429})
  @PostMapping(consumes = "application/json")
  ResponseEntity<?> create(
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      @RequestParam(defaultValue = "false") boolean dryRun,
      @RequestBody NewDataset wanted)
      throws IOException {
    Source source = wanted.source();
    if (source == null) {
      throw new Failure.Invalid(
          "source is missing",
          "Send source: {type: sample}, or one of type directory, url or s3.",
          List.of(new Failure.FieldError("source", "is missing", null, null)));
    }
    if (dryRun) {
      return ResponseEntity.ok(looks.look(source, wanted.spec()));
    }
    UUID id =
        idempotency.once(
            key, "datasets", wanted, () -> imports.submit(wanted.name(), source, wanted.spec()));
    return accepted(datasets.required(id));
  }

  /** 202: the import goes on; Location tells how far. */
  static ResponseEntity<DatasetView> accepted(Dataset dataset) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/datasets/" + dataset.id()))
        .body(DatasetView.of(dataset));
  }

  /**
   * Deletes a dataset that nothing uses; an import under way stops.
   *
   * @param dryRun to be told what would go, or why it cannot, and delete nothing
   */
  @ApiResponse(responseCode = "200", description = "What would go", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "204", description = "It is gone", content = @Content)
  @Answers(409)
  @DeleteMapping("/{id}")
  ResponseEntity<DatasetDeletion> delete(
      @PathVariable UUID id, @RequestParam(defaultValue = "false") boolean dryRun) {
    if (dryRun) {
      return ResponseEntity.ok(deletions.rehearse(id));
    }
    imports.delete(id);
    return ResponseEntity.noContent().build();
  }
}
