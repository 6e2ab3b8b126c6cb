package dev.onecycle.run;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.util.Map;

/** The scheduler of each pool, as the one that runs are queued with. */
record Schedulers(Map<Pool, SchedulerClient> ofPools) {

  /** Queues a run at its place in its pool, as part of the caller's transaction. */
  void queue(Run run) {
    TaskInstance<Void> execution =
        new TaskInstance<>(
            run.pool().task(), run.id().toString(), () -> null, run.spec().priority());
    requireNonNull(ofPools.get(run.pool())).scheduleIfNotExists(execution, run.createdAt());
  }
}
