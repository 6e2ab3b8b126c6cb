package dev.onecycle.search.web;

import static java.util.stream.Collectors.toMap;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Idempotency;
import dev.onecycle.platform.http.Page;
import dev.onecycle.run.Run;
import dev.onecycle.run.Runs;
import dev.onecycle.search.Search;
import dev.onecycle.search.SearchRepository;
import dev.onecycle.search.Searches;
import dev.onecycle.search.Trial;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The routes of searches. */
@RestController
@RequestMapping("/api/v1/searches")
class SearchController {

  private final SearchRepository searches;
  private final Searches service;
  private final Runs runs;
  private final Idempotency idempotency;

  SearchController(
      SearchRepository searches, Searches service, Runs runs, Idempotency idempotency) {
    this.searches = searches;
    this.service = service;
    this.runs = runs;
    this.idempotency = idempotency;
  }

  /**
   * Begins a search for the best values of some fields of a recipe: by successive halving, over
   * runs like any other. When this answers, all of them are queued. With a budget it ends in time:
   * once there is no more of it than the best trial so far needs to come to its end, all others are
   * cancelled; one that has not ended by then is cancelled as well, and its best epoch is kept.
   */
  @Answers({202, 404})
  @PostMapping
  ResponseEntity<SearchView> begin(
      @Valid @RequestBody SearchRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key) {
    UUID id = idempotency.once(key, "searches", request, () -> service.begin(request.asked()).id());
    return ResponseEntity.accepted().location(URI.create("/api/v1/searches/" + id)).body(get(id));
  }

  /** Returns all searches, newest first. */
  @GetMapping
  Page<SearchSummary> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Cursor from = Cursor.of(limit, cursor);
    Page<Search> part =
        from.page(
            searches.findByIdLessThanOrderByIdDesc(from.before(), from.fetch()),
            Search::id,
            Function.identity());
    return new Page<>(part.items().stream().map(SearchSummary::of).toList(), part.nextCursor());
  }

  /** Returns one search with its leaderboard. */
  @GetMapping("/{id}")
  SearchView get(@PathVariable UUID id) {
    Search search = service.whole(id);
    Map<UUID, Run> found =
        runs.findByIdIn(search.trials().stream().map(Trial::run).toList()).stream()
            .collect(toMap(Run::id, Function.identity()));
    return SearchView.of(search, found);
  }

  /** Ends a search and all of its runs that have not ended. Asking again changes nothing. */
  @Answers(409)
  @PostMapping("/{id}/cancel")
  SearchView cancel(@PathVariable UUID id) {
    service.cancel(id);
    return get(id);
  }

  /** Forgets a search that has ended. The runs of its trials stay. */
  @Answers(409)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable UUID id) {
    service.delete(id);
  }
}
