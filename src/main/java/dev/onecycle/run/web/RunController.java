package dev.onecycle.run.web;

import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.KeyCursor;
import dev.onecycle.platform.http.Page;
import dev.onecycle.run.Deletion;
import dev.onecycle.run.Run;
import dev.onecycle.run.RunDeletion;
import dev.onecycle.run.RunQueue;
import dev.onecycle.run.RunState;
import dev.onecycle.run.Runs;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Watching, pausing, cancelling and deleting runs of every kind. */
@RestController
@RequestMapping("/api/v1/runs")
public class RunController {

  private final RunQueue queue;
  private final Runs runs;
  private final RunViews views;
  private final RunDeletion deletion;

  RunController(RunQueue queue, Runs runs, RunViews views, RunDeletion deletion) {
    this.queue = queue;
    this.runs = runs;
    this.views = views;
    this.deletion = deletion;
  }

  /**
   * A part of the list of runs.
   *
   * @param nextCursor what to send as {@code cursor} for the part that follows; null where none
   *     does
   * @param count how many runs there are of the filter, in all parts
   */
  record RunPage(List<RunView> items, @Nullable String nextCursor, long count) {}

  /**
   * Runs, newest first unless asked otherwise.
   *
   * @param state one or several
   * @param kind train, lr-find, evaluate, batch-predict or import; one or several
   * @param q a part of the name, in whatever case
   * @param sort createdAt, accuracy (of the best epoch) or priority; with - before it the largest
   *     come first
   */
  @GetMapping
  RunPage list(
      @RequestParam(required = false) @Nullable Set<RunState> state,
      @RequestParam(required = false) @Nullable Set<String> kind,
      @RequestParam(required = false) @Nullable UUID dataset,
      @RequestParam(required = false) @Nullable String tag,
      @RequestParam(required = false) @Nullable String q,
      @RequestParam(defaultValue = "-createdAt") String sort,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    RunOrder order = RunOrder.named(sort);
    KeyCursor part = KeyCursor.of(order.name(), limit, cursor);
    RunFilter filter = new RunFilter(state, kind, dataset, tag, q);
    List<Run> found =
        runs.findBy(filter.in(order, part.after()), query -> query.limit(part.fetch().max()).all());
    Page<Run> shown = part.page(found, order::entry, run -> run);
    return new RunPage(views.of(shown.items()), shown.nextCursor(), runs.count(filter.unordered()));
  }

  /** One run: where it is, how far, how long it takes, what happened to it. */
  @GetMapping("/{id}")
  RunView get(@PathVariable UUID id) {
    return views.of(id);
  }

  /** Ends a run at its next step, a waiting one at once. Asking again changes nothing. */
  @Answers(409)
  @PostMapping("/{id}/cancel")
  RunView cancel(@PathVariable UUID id) {
    queue.cancel(id);
    return get(id);
  }

  /**
   * Lets a run wait, after its next step where it runs, until it is resumed. What it has done
   * stays; only a learning-rate sweep, a model's evaluation and an import begin anew. Asking again
   * changes nothing.
   */
  @Answers(409)
  @PostMapping("/{id}/pause")
  RunView pause(@PathVariable UUID id) {
    queue.pause(id);
    return get(id);
  }

  /** Lets a paused run go on where it stopped, at its old place in the queue. */
  @Answers(409)
  @PostMapping("/{id}/resume")
  RunView resume(@PathVariable UUID id) {
    queue.resume(id);
    return get(id);
  }

  /**
   * Deletes a run that ended, or was told to, with everything that it left.
   *
   * @param dryRun to be told what would go, or why it cannot, and delete nothing
   */
  @ApiResponse(responseCode = "200", description = "What would go", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "204", description = "It is gone", content = @Content)
  @Answers(409)
  @DeleteMapping("/{id}")
  ResponseEntity<Deletion> delete(
      @PathVariable UUID id, @RequestParam(defaultValue = "false") boolean dryRun) {
    if (dryRun) {
      return ResponseEntity.ok(deletion.rehearse(id));
    }
    deletion.delete(id);
    return ResponseEntity.noContent().build();
  }
}
