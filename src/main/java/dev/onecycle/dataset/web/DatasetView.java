package dev.onecycle.dataset.web;

import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Progress;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.pixels.LabelCount;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.layout.Layout;
import dev.onecycle.platform.http.Unusable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A dataset as callers see it; what is not known yet is left out.
 *
 * @param labelCount how many labels it has
 * @param labels all of them, or the first 100 in a list of datasets
 * @param version which version of its pictures' labels it is, from 1
 * @param versionOf the dataset that they were imported as; null in that one
 * @param base the version that it was made of; null in the first
 * @param reason why it was made; null in the first
 */
public record DatasetView(
    UUID id,
    String name,
    Dataset.State state,
    Source source,
    SplitSpec split,
    Progress progress,
    @Nullable Integer pictures,
    @Nullable Integer labelCount,
    @Nullable List<LabelCount> labels,
    @Nullable Layout layout,
    @Nullable List<Double> mean,
    @Nullable List<Double> std,
    @Nullable Unusable failure,
    int version,
    @Nullable UUID versionOf,
    @Nullable UUID base,
    @Nullable String reason,
    Instant createdAt,
    Instant updatedAt) {

  private static final int MOST_LISTED = 100;

  public static DatasetView of(Dataset dataset) {
    return of(dataset, dataset.labels());
  }

  /** As {@link #of(Dataset)}, short enough for a list: ten thousand labels are a megabyte. */
  static DatasetView listed(Dataset dataset) {
    List<LabelCount> labels = dataset.labels();
    return of(
        dataset, labels == null ? null : labels.subList(0, Math.min(labels.size(), MOST_LISTED)));
  }

  private static DatasetView of(Dataset dataset, @Nullable List<LabelCount> labels) {
    var all = dataset.labels();
    var statistics = dataset.statistics();
    return new DatasetView(
        dataset.id(),
        dataset.name(),
        dataset.state(),
        dataset.source(),
        dataset.split(),
        dataset.progress(),
        dataset.pictures(),
        all == null ? null : all.size(),
        labels,
        dataset.layout(),
        statistics == null ? null : statistics.mean(),
        statistics == null ? null : statistics.std(),
        failure(dataset),
        dataset.version().number(),
        dataset.version().first(),
        dataset.version().base(),
        dataset.version().reason(),
        dataset.createdAt(),
        dataset.updatedAt());
  }

  private static @Nullable Unusable failure(Dataset dataset) {
    if (!dataset.readable()) {
      return new Unusable("its row cannot be read", dataset.fix());
    }
    String message = dataset.failureMessage();
    return message == null ? null : new Unusable(message, dataset.failureFix());
  }
}
