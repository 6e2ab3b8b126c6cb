package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** All runs. They are written through {@link RunRecorder} only. */
public interface Runs extends Repository<Run, UUID>, JpaSpecificationExecutor<Run> {

  Optional<Run> findById(UUID id);

  @Query("select r from Run r left join fetch r.transitions where r.id = :id")
  Optional<Run> withTransitions(UUID id);

  List<Run> findByIdIn(Collection<UUID> ids);

  boolean existsById(UUID id);

  /**
   * Returns the run of that id.
   *
   * @throws Failure.NotFound if there is none
   */
  default Run required(UUID id) {
    return findById(id).orElseThrow(() -> notFound(id));
  }

  /**
   * Returns the run of that id with every state it was in.
   *
   * @throws Failure.NotFound if there is none
   */
  default Run requiredWithTransitions(UUID id) {
    return withTransitions(id).orElseThrow(() -> notFound(id));
  }

  /**
   * Makes sure that there is such a run.
   *
   * @throws Failure.NotFound if there is none
   */
  default void requireExists(UUID id) {
    if (!existsById(id)) {
      throw notFound(id);
    }
  }

  private static Failure.NotFound notFound(UUID id) {
    return new Failure.NotFound("there is no run " + id);
  }

  long countByPoolAndState(Pool pool, RunState state);

  /** The runs of one kind that have to do with a dataset. */
  @Query("select r.id from Run r where r.spec.kind = :kind and r.spec.dataset = :dataset")
  List<UUID> of(String kind, UUID dataset);

  /** How many queued runs of a pool go before one of that priority and time of submission. */
  @Query(
      """
      select count(r) from Run r where r.pool = :pool and r.state = dev.onecycle.run.RunState.QUEUED
      and (r.spec.priority > :priority or r.spec.priority = :priority and r.createdAt < :created)
      """)
  long queuedBefore(Pool pool, int priority, Instant created);

  List<Run> findByPoolAndState(Pool pool, RunState state);

  /** Runs to which something can still happen. */
  @Query("select r.id from Run r where r.endedAt is null")
  List<UUID> unended();

  /** The workloads of the queued runs that {@link #queuedBefore} counts. */
  @Query(
      """
      select new dev.onecycle.run.WorkAhead(r.workload, count(r)) from Run r
      where r.pool = :pool and r.state = dev.onecycle.run.RunState.QUEUED
      and (r.spec.priority > :priority or r.spec.priority = :priority and r.createdAt < :created)
      group by r.workload
      """)
  List<WorkAhead> workBefore(Pool pool, int priority, Instant created);

  /** Runs of other kinds that have to do with a dataset and to which something can still happen. */
  @Query(
      """
      select r.id from Run r
      where r.spec.dataset = :dataset and r.spec.kind <> :kind and r.endedAt is null
      """)
  List<UUID> unendedBut(String kind, UUID dataset);

  /** Where these runs stand now. */
  @Query(
      """
      select new dev.onecycle.run.RunChanged(r.id, r.attempt, r.state, r.lastEvent)
      from Run r where r.id in :ids
      """)
  List<RunChanged> standing(Collection<UUID> ids);

  /** Returns the run, its row locked until the transaction ends. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select r from Run r where r.id = :id")
  Optional<Run> lock(UUID id);

  /** Returns the run, its row locked, while that attempt is the one that counts. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select r from Run r where r.id = :id and r.attempt = :attempt")
  Optional<Run> lock(UUID id, int attempt);

  Run save(Run run);

  void delete(Run run);
}
