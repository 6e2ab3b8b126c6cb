package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Page;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Datasets that are there, or about to be. */
@RestController
@RequestMapping("/api/v1/datasets")
class DatasetController {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final DatasetReader reader;

  DatasetController(Datasets datasets, DatasetIntake intake, DatasetReader reader) {
    this.datasets = datasets;
    this.intake = intake;
    this.reader = reader;
  }

  @GetMapping
  Page<DatasetView> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
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
