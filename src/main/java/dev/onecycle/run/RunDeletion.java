package dev.onecycle.run;

import dev.onecycle.store.BlobStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What would go if a run were deleted. */
@Component
public class RunDeletion {

  private static final Map<String, String> TABLES =
      Map.of(
          "runs", "run where id = ?",
          "transitions", "run_transition where run_id = ?",
          "tags", "run_tag where run_id = ?",
          "epochs", "run_epoch where run_id = ?",
          "steps", "run_step where run_id = ?",
          "events", "run_event where run_id = ?",
          "answers", "run_answer where run_id = ?",
          "results", "run_result where run_id = ?",
          "outputs", "run_output where run_id = ?",
          "checkpoints", "checkpoint where run_id = ?");

  private final RunQueue queue;
  private final BlobStore store;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;

  RunDeletion(
      RunQueue queue, BlobStore store, JdbcClient jdbc, PlatformTransactionManager transactions) {
    this.queue = queue;
    this.store = store;
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(transactions);
  }

  /**
   * Counts, deletes, and takes it back: it throws what {@link RunQueue#delete} throws, and nothing
   * is gone: files go after a commit only, and this one never comes.
   */
  public Deletion rehearse(UUID id) {
    Map<String, Long> rows =
        transactions.execute(
            status -> {
              status.setRollbackOnly();
              Map<String, Long> counted = rows(id);
              queue.delete(id);
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
