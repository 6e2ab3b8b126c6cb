package dev.onecycle.fleet.web;

import dev.onecycle.fleet.Fleet;
import dev.onecycle.fleet.Worker;
import dev.onecycle.platform.http.Cursor;
import dev.onecycle.platform.http.Page;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The routes of workers. */
@RestController
@RequestMapping("/api/v1/workers")
class WorkerController {

  private final Fleet fleet;

  WorkerController(Fleet fleet) {
    this.fleet = fleet;
  }

  /** Returns workers, newest first; lost ones for an hour. */
  @GetMapping
  Page<WorkerView> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    Cursor part = Cursor.of(limit, cursor);
    List<Worker> rows = fleet.before(part.before(), part.fetch());
    return part.page(rows, Worker::id, this::view);
  }

  /** Lets a worker take no more runs; those that it works on go on. */
  @PostMapping("/{id}/drain")
  WorkerView drain(@PathVariable UUID id) {
    return view(fleet.drain(id, true));
  }

  /** Lets a worker take runs again. */
  @PostMapping("/{id}/undrain")
  WorkerView undrain(@PathVariable UUID id) {
    return view(fleet.drain(id, false));
  }

  private WorkerView view(Worker worker) {
    return WorkerView.of(worker, fleet.lives(worker));
  }
}
