package dev.onecycle.fleet;

import dev.onecycle.platform.Failure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** All workers, the lost ones for a while too. */
interface Workers extends Repository<Worker, UUID> {

  Worker save(Worker worker);

  Optional<Worker> findById(UUID id);

  /**
   * Finds the worker of that id.
   *
   * @throws Failure.NotFound if there is none
   */
  default Worker required(UUID id) {
    return findById(id).orElseThrow(() -> new Failure.NotFound("there is no worker " + id));
  }

  /** Returns workers older than {@code before}, newest first. */
  List<Worker> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  /** Returns workers whose heartbeat was later, newest first. */
  List<Worker> findByLastHeartbeatAfterOrderByIdDesc(Instant since);

  /** Returns workers whose heartbeat was earlier, and of which that is not noted yet. */
  List<Worker> findByLostAtIsNullAndLastHeartbeatBefore(Instant before);

  /** Notes that a worker is lost; 0 where another process did, or it beats again. */
  @Modifying
  @Query(
      "update Worker w set w.lostAt = :now"
          + " where w.id = :id and w.lostAt is null and w.lastHeartbeat < :before")
  int lose(UUID id, Instant now, Instant before);

  /** Returns whether that worker was told to take no more runs; empty if its row is gone. */
  @Query("select w.draining from Worker w where w.id = :id")
  Optional<Boolean> draining(UUID id);

  @Modifying
  @Query("delete from Worker w where w.lastHeartbeat < :before")
  int forget(Instant before);

  @Modifying
  @Query("delete from Worker w where w.id = :id")
  void remove(UUID id);
}
