package dev.onecycle.run;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerState;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import java.time.Duration;
import java.util.Map;

/** The scheduler of each pool, as the one that runs are queued with. */
record Schedulers(Map<Pool, SchedulerClient> ofPools) {

  /** The turns of the loop in which one scheduler looks for runs that are due. */
  static final class Turns extends AbstractSchedulerListener {

    private volatile long last = System.nanoTime();

    @Override
    public void onSchedulerEvent(SchedulerEventType event) {
      if (event == SchedulerEventType.RAN_EXECUTE_DUE) {
        last = System.nanoTime();
      }
    }

    /**
     * Returns for how long the loop has not turned; zero while the scheduler is paused, and where
     * this process never starts it.
     */
    Duration silence(Scheduler scheduler) {
      SchedulerState state = scheduler.getSchedulerState();
      boolean looks = state.isStarted() && !state.isPaused() && !state.isShuttingDown();
      return looks ? Duration.ofNanos(System.nanoTime() - last) : Duration.ZERO;
    }
  }

  /** Queues a run at its place in its pool, as part of the caller's transaction. */
  void queue(Run run) {
    TaskInstance<Void> execution =
        new TaskInstance<>(
            run.pool().task(), run.id().toString(), () -> null, run.spec().priority());
    requireNonNull(ofPools.get(run.pool())).scheduleIfNotExists(execution, run.createdAt());
  }
}
