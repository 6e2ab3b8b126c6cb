package dev.onecycle.fleet.web;

import dev.onecycle.fleet.Worker;
import dev.onecycle.fleet.WorkerDevice;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A process that works on runs.
 *
 * @param name how the transitions of runs call it
 * @param state LIVE, DRAINING (it takes no more runs) or LOST (its heartbeat has stopped)
 * @param devices the devices that it works on now
 * @param slots how many runs it works on at the same time
 * @param notice what it lacks and what it does about it
 */
record WorkerView(
    UUID id,
    String name,
    String host,
    long process,
    State state,
    boolean draining,
    List<WorkerDevice> devices,
    int slots,
    @Nullable String notice,
    Instant startedAt,
    Instant lastHeartbeat) {

  enum State {
    LIVE,
    DRAINING,
    LOST
  }

  static WorkerView of(Worker worker, boolean lives) {
    State state = worker.draining() ? State.DRAINING : State.LIVE;
    return new WorkerView(
        worker.id(),
        worker.name(),
        worker.host(),
        worker.process(),
        lives ? state : State.LOST,
        worker.draining(),
        worker.devices(),
        worker.slots(),
        worker.notice(),
        worker.startedAt(),
        worker.lastHeartbeat());
  }
}
