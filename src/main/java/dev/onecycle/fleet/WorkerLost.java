package dev.onecycle.fleet;

import java.time.Instant;
import java.util.UUID;

/**
 * The loss of a worker that neither beats nor left, published once inside the transaction that
 * noted it.
 *
 * @param name as runs call it, {@code host:process}
 */
public record WorkerLost(UUID id, String name, String host, Instant lastHeartbeat) {

  static WorkerLost of(Worker worker) {
    return new WorkerLost(worker.id(), worker.name(), worker.host(), worker.lastHeartbeat());
  }
}
