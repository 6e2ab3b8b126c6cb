package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Progress;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.SplitSpec;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A dataset as callers see it; what is not known yet is left out. */
public record DatasetView(
    UUID id,
    String name,
    Dataset.State state,
    Source source,
    SplitSpec split,
    Progress progress,
    Integer pictures,
    List<LabelCount> labels,
    List<Double> mean,
    List<Double> std,
    Problem failure,
    Instant createdAt,
    Instant updatedAt) {

  /** Why an import failed, and what to do. */
  public record Problem(String message, String fix) {}

  public static DatasetView of(Dataset dataset) {
    var statistics = dataset.statistics();
    String failure = dataset.failureMessage();
    return new DatasetView(
        dataset.id(),
        dataset.name(),
        dataset.state(),
        dataset.source(),
        dataset.split(),
        dataset.progress(),
        dataset.pictures(),
        dataset.labels(),
        statistics == null ? null : statistics.mean(),
        statistics == null ? null : statistics.std(),
        failure == null ? null : new Problem(failure, dataset.failureFix()),
        dataset.createdAt(),
        dataset.updatedAt());
  }
}
