package dev.onecycle.run;

/**
 * Slots that runs of some kinds share. Runs of one pool never wait behind those of another: each
 * pool has a db-scheduler of its own, over a table of its own.
 */
public enum Pool {

  /** The slots of workers, which compute on devices. */
  DEVICES("run", "scheduled_tasks"),

  /** The slots of processes that answer requests, which may have a way out of their network. */
  IMPORTS("import", "scheduled_imports");

  private final String task;
  private final String table;

  Pool(String task, String table) {
    this.task = task;
    this.table = table;
  }

  /** The one task that the pool's scheduler knows: an execution's instance is a run's id. */
  String task() {
    return task;
  }

  /** Where that scheduler keeps the pool's executions. */
  String table() {
    return table;
  }
}
