package dev.onecycle.search.web;

import dev.onecycle.search.Metric;
import dev.onecycle.search.Search;
import dev.onecycle.search.SearchState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A search in a list.
 *
 * @param endsAt by when it ends; null for as long as its trials take
 * @param trials how many it has
 */
record SearchSummary(
    UUID id,
    String name,
    SearchState state,
    UUID dataset,
    Metric metric,
    int trials,
    Instant createdAt,
    @Nullable Instant endsAt,
    @Nullable Instant endedAt) {

  static SearchSummary of(Search search) {
    return new SearchSummary(
        search.id(),
        search.name(),
        search.state(),
        search.dataset(),
        search.plan().metric(),
        search.plan().trials(),
        search.createdAt(),
        search.endsAt(),
        search.endedAt());
  }
}
