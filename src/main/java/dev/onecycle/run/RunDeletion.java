package dev.onecycle.run;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.BlobStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The deletion of runs, and the rehearsal of one. */
@Component
public class RunDeletion {

  private static final Map<String, String> TABLES =
      Map.ofEntries(
          Map.entry("runs", "run where id = ?"),
          Map.entry("transitions", "run_transition where run_id = ?"),
          Map.entry("tags", "run_tag where run_id = ?"),
          Map.entry("epochs", "run_epoch where run_id = ?"),
          Map.entry("steps", "run_step where run_id = ?"),
          Map.entry("events", "run_event where run_id = ?"),
          Map.entry("answers", "run_answer where run_id = ?"),
          Map.entry("doubts", "label_doubt where run_id = ?"),
          Map.entry("results", "run_result where run_id = ?"),
          Map.entry("outputs", "run_output where run_id = ?"),
          Map.entry("checkpoints", "checkpoint where run_id = ?"));

  private final RunRecorder recorder;
  private final Runs runs;
  private final CheckpointStore checkpoints;
  private final ApplicationEventPublisher publisher;
  private final BlobStore store;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  RunDeletion(
      RunRecorder recorder,
      Runs runs,
      CheckpointStore checkpoints,
      ApplicationEventPublisher publisher,
      BlobStore store,
      JdbcClient jdbc,
      PlatformTransactionManager transactions) {
    this.recorder = recorder;
    this.runs = runs;
    this.checkpoints = checkpoints;
    this.publisher = publisher;
    this.store = store;
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
  }

  /**
   * Deletes a run that ended or is CANCELLING, its epochs, events, checkpoints and files.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if it goes on, or a model uses one of its checkpoints
   */
  @Transactional
  public void delete(UUID id) {
    Run run = recorder.locked(id);
    if (run.state() == RunState.CANCELLING) {
      // Its worker may hang, and never heed that; what it writes from now on does not count.
      recorder.stop(new Lease(id, run.attempt()));
    }
    if (!run.state().ended()) {
      throw new Failure.Conflict(
          "cannot delete run " + id + ": it is " + run.state(),
          "Cancel it first: POST /api/v1/runs/" + id + "/cancel.");
    }
    forget(run);
  }

  /**
   * Deletes a run in whatever state it is. A worker that holds it can write nothing any more and
   * stops; one that picks it finds it gone.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if a model uses one of its checkpoints
   */
  @Transactional
  public void discard(UUID id) {
    forget(recorder.locked(id));
  }

  private void forget(Run run) {
    checkpoints.deleteOf(run.id());
    runs.delete(run);
    publisher.publishEvent(new RunDeleted(run.id()));
  }

  /**
   * Counts, deletes, and takes it back: it throws what {@link #delete} throws, and nothing is gone:
   * files go after a commit only, and this one never comes.
   */
  public Deletion rehearse(UUID id) {
    Map<String, Long> rows =
        transactions.execute(
            status -> {
              status.setRollbackOnly();
              Map<String, Long> counted = rows(id);
              delete(id);
              return counted;
            });
    List<String> keys = store.list(RunFiles.folder(id));
    return new Deletion(id, rows, keys.size(), keys.stream().mapToLong(store::size).sum());
  }

  private Map<String, Long> rows(UUID id) {
    Map<String, Long> rows = new TreeMap<>();
    TABLES.forEach(
        (name, table) ->
            rows.put(
                name,
                jdbc.sql("select count(*) from " + table).param(id).query(Long.class).single()));
    return rows;
  }
}
