package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.DatasetReader;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Page;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Datasets that are there, or about to be. */
@RestController
@RequestMapping("/api/v1/datasets")
class DatasetController {

  private final Datasets datasets;
  private final DatasetReader reader;

  DatasetController(Datasets datasets, DatasetReader reader) {
    this.datasets = datasets;
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
        DatasetView::listed);
  }

  @GetMapping("/{id}")
  DatasetView get(@PathVariable UUID id) {
    return DatasetView.of(datasets.required(id));
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
