package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetDeletion;
import dev.onecycle.dataset.DatasetDeletions;
import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.Page;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Datasets: import, look, delete. */
@RestController
@RequestMapping("/api/v1/datasets")
class DatasetController {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final DatasetDeletions deletions;
  private final DatasetReader reader;
  private final Idempotency idempotency;

  DatasetController(
      Datasets datasets,
      DatasetIntake intake,
      DatasetDeletions deletions,
      DatasetReader reader,
      Idempotency idempotency) {
    this.datasets = datasets;
    this.intake = intake;
    this.deletions = deletions;
    this.reader = reader;
    this.idempotency = idempotency;
  }

  /** Begins the import of a directory, a URL or the sample. */
  @Answers(202)
  @PostMapping(consumes = "application/json")
  ResponseEntity<DatasetView> create(
      @RequestHeader(name = "Idempotency-Key", required = false) String key,
      @RequestBody NewDataset wanted) {
    if (wanted.source() == null) {
      throw new Failure.Invalid(
          "source is missing",
          "Send source: {type: sample}, or one of type directory or url.",
          List.of(new Failure.FieldError("source", "is missing", null, null)));
    }
    UUID id =
        idempotency.once(
            key,
            "datasets",
            wanted,
            () -> intake.submit(wanted.name(), wanted.source(), wanted.split()));
    return accepted(datasets.required(id));
  }

  /** 202: the import goes on; Location tells how far. */
  static ResponseEntity<DatasetView> accepted(Dataset dataset) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/datasets/" + dataset.id()))
        .body(DatasetView.of(dataset));
  }

  @GetMapping
  Page<DatasetView> list(
      @RequestParam(required = false) Integer limit,
      @RequestParam(required = false) String cursor) {
    Cursor part = Cursor.of(limit, cursor);
    return part.page(
        datasets.findByIdLessThanOrderByIdDesc(part.before(), part.fetch()),
        Dataset::id,
        DatasetView::of);
  }

  @GetMapping("/{id}")
  DatasetView get(@PathVariable UUID id) {
    return DatasetView.of(datasets.required(id));
  }

  /** Another name for a dataset. */
  record DatasetEdit(@NotNull String name) {}

  /** Gives it another name. */
  @PatchMapping("/{id}")
  DatasetView rename(@PathVariable UUID id, @Valid @RequestBody DatasetEdit edit) {
    intake.rename(id, edit.name());
    return get(id);
  }

  /**
   * Deletes a dataset that nothing uses.
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
    intake.delete(id);
    return ResponseEntity.noContent().build();
  }

  @Answers(409)
  @GetMapping("/{id}/audit")
  Audit audit(@PathVariable UUID id) {
    return reader.audit(id);
  }

  @GetMapping("/catalog")
  Page<Catalog.Entry> catalog() {
    return new Page<>(Catalog.ENTRIES, null);
  }
}
