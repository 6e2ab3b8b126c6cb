package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.config.startup.ContextReadyStart;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.platform.Database;
import dev.onecycle.platform.Outage;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The part that starts the worker once the context is ready, keeps it alive, and wakes it when a
 * run was queued. A process that only serves never starts it.
 */
class WorkerStart extends ContextReadyStart {

  private static final Logger log = LoggerFactory.getLogger(WorkerStart.class);

  private final Scheduler scheduler;
  private final Executions executions;
  private final ThisWorker worker;
  private final Devices devices;
  private final Database database;
  private final boolean works;
  private final long heartbeatNanos;
  private long lastBeat;

  WorkerStart(
      Scheduler scheduler,
      Executions executions,
      ThisWorker worker,
      Devices devices,
      Database database,
      boolean works,
      Duration heartbeat) {
    super(scheduler);
    this.scheduler = scheduler;
    this.executions = executions;
    this.worker = worker;
    this.devices = devices;
    this.database = database;
    this.works = works;
    this.heartbeatNanos = heartbeat.toNanos();
  }

  /**
   * Joins the workers and begins to take runs. On H2 this process is the only worker, so what is
   * held when it starts was held by one that is gone: the scheduler's first look for the dead,
   * right at its start, finds it.
   */
  @Override
  public void doStart() {
    if (!works || scheduler.getSchedulerState().isStarted()) {
      return;
    }
    if (!database.shared()) {
      int left = executions.expire(Pool.DEVICES);
      log.info("{} runs were held when the service last ended", left);
    }
    worker.enlist(database);
    beat();
    pauseUnless(worker.takesRuns() && devices.any());
    super.doStart();
  }

  /** Beats when it is time, and looks whether to take runs. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  synchronized void live() {
    if (!scheduler.getSchedulerState().isStarted()) {
      return;
    }
    try {
      if (System.nanoTime() - lastBeat >= heartbeatNanos) {
        beat();
        scheduler.triggerCheckForDueExecutions(); // it waits by a clock that may be set back
      }
      pauseUnless(worker.takesRuns() && devices.any());
    } catch (RuntimeException e) {
      if (!Outage.caused(e)) {
        throw e;
      }
      log.warn("this worker cannot show that it is alive: {}", e.toString());
    }
  }

  private synchronized void beat() {
    devices.equip(worker.beat());
    lastBeat = System.nanoTime();
  }

  private void pauseUnless(boolean open) {
    boolean paused = scheduler.getSchedulerState().isPaused();
    if (open && paused) {
      scheduler.resume();
      log.info("this worker takes runs");
    } else if (!open && !paused) {
      scheduler.pause();
      log.info("this worker takes no more runs");
    }
  }

  /** Wakes the scheduler. After the commit: before it, it would look and find nothing. */
  @TransactionalEventListener(condition = "#change.state() == T(dev.onecycle.run.RunState).QUEUED")
  void queued(RunChanged change) {
    if (works) {
      scheduler.triggerCheckForDueExecutions();
    }
  }
}
