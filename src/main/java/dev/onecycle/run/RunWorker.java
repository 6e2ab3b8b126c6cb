package dev.onecycle.run;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.platform.Outage;
import dev.onecycle.platform.ProcessExit;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The doer of runs: it claims one, executes its work, completes or fails it, and always tells.
 * db-scheduler calls it in a slot's thread, one execution a slot, and finds the executions of
 * workers that are gone.
 */
@Component
class RunWorker implements ExecutionHandler<Void> {

  private static final Logger log = LoggerFactory.getLogger(RunWorker.class);

  private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
  private final Runs runs;
  private final RunRecorder recorder;
  private final RunWorks works;
  private final RunNotifier notifier;
  private final ProcessExit process;
  private final ThisWorker worker;
  private final Devices devices;

  RunWorker(
      Runs runs,
      RunRecorder recorder,
      RunWorks works,
      RunNotifier notifier,
      ProcessExit process,
      ThisWorker worker,
      Devices devices) {
    this.runs = runs;
    this.recorder = recorder;
    this.works = works;
    this.notifier = notifier;
    this.process = process;
    this.worker = worker;
    this.devices = devices;
  }

  @Override
  public CompletionHandler<Void> execute(TaskInstance<Void> instance, ExecutionContext context) {
    Execution execution = context.getExecution();
    UUID id = UUID.fromString(instance.getId());
    if (!takes(instance.getTaskName())) {
      return (done, operations) -> operations.reschedule(done, execution.executionTime);
    }
    Optional<Run> claimed = recorder.claim(id, execution.version, worker.name());
    if (claimed.isEmpty()) {
      return settle(id, execution);
    }
    Run run = claimed.get();
    Attempt attempt = new Attempt(run, recorder, context.getSchedulerState());
    RunNotifier.Subscription changes = notifier.subscribe(id, attempt::heard);
    attempts.add(attempt);
    if (worker.hasRetired()) {
      attempt.stop(); // it was claimed while the others were told
    }
    try {
      work(run, attempt);
      return settle(id, execution);
    } catch (Superseded e) {
      if (!runs.existsById(id)) {
        log.info("run {} was deleted while it was worked on", id);
        return settle(id, execution);
      }
      log.warn("{}: this worker was taken for dead and stops", e.getMessage());
      return (done, operations) -> {};
    } finally {
      attempts.remove(attempt);
      changes.close();
    }
  }

  /** Returns whether this process begins runs of a pool, which is told by its task, just now. */
  private boolean takes(String task) {
    return task.equals(Pool.IMPORTS.task())
        ? !worker.hasRetired()
        : worker.takesRuns() && devices.free();
  }

  /** Returns what puts it back to its old place in the queue, or takes it out. */
  private CompletionHandler<Void> settle(UUID id, Execution execution) {
    return (done, operations) ->
        recorder.settle(
            id,
            queued -> {
              if (queued) {
                operations.reschedule(done, execution.executionTime);
              } else {
                operations.remove();
              }
            });
  }

  /** Executes the work and records how it ended. */
  private void work(Run run, Attempt attempt) {
    Consumer<Lease> ending;
    try {
      ending =
          works.execute(run, attempt) == RunWork.Ending.STOPPED
              ? recorder::stop
              : recorder::succeed;
    } catch (Superseded e) {
      throw e;
    } catch (CancellationException e) {
      ending = recorder::stop;
    } catch (DeviceLost e) {
      deviceLost(attempt, e);
      return;
    } catch (Throwable e) { // an OutOfMemoryError too: whatever happened, the run says so
      RunFailure why = WorkFailed.of(e);
      if (why.kind() == RunFailure.Kind.DATA) {
        log.info("run {} attempt {} failed: {}", attempt.run(), attempt.attempt(), why.message());
      } else {
        log.error("run {} attempt {} failed", attempt.run(), attempt.attempt(), e);
      }
      ending =
          Outage.caused(e)
              ? lease -> recorder.giveBack(lease, "the database did not answer its worker")
              : lease -> recorder.fail(lease, why);
    }
    attempt.end(ending);
  }

  /** Gives the run back to the queue; a GPU in that state is of use to a new process only. */
  private void deviceLost(Attempt attempt, DeviceLost e) {
    log.error("run {} attempt {}: {}", attempt.run(), attempt.attempt(), e.getMessage(), e);
    if (e.needsNewProcess()) {
      worker.retire();
    }
    try {
      attempt.end(lease -> recorder.giveBack(lease, requireNonNull(e.getMessage())));
    } finally {
      if (e.needsNewProcess()) {
        log.error("this process ends with exit code {}: start it again", ProcessExit.TRY_AGAIN);
        process.exit(ProcessExit.TRY_AGAIN);
      }
    }
  }

  /**
   * Takes no more runs and lets those that it works on stop after their step; they go back to the
   * queue. Returns once they have, or when {@code most} is over.
   */
  void stop(Duration most) {
    worker.retire();
    attempts.forEach(Attempt::stop);
    long deadline = System.nanoTime() + most.toNanos();
    try {
      while (!attempts.isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    attempts.forEach(left -> log.warn("run {} did not stop within {}", left.run(), most));
  }

  /**
   * Takes a run from a worker that no longer beats. The version check inside {@code reschedule}
   * lets one of several finders through, and the attempt read before it is the one that died.
   */
  void takeOver(ExecutionComplete dead, ExecutionOperations<Void> operations) {
    Execution execution = dead.getExecution();
    UUID id = UUID.fromString(execution.taskInstance.getId());
    Optional<Lease> gone = runs.findById(id).map(run -> new Lease(id, run.attempt()));
    log.warn("worker {} is gone; run {} goes back to the queue", execution.pickedBy, id);
    operations.reschedule(dead, execution.executionTime);
    gone.ifPresent(lease -> recorder.lose(lease, RunRecorder.LOST));
  }

  /** Returns for how long the most silent of the runs has made no step. */
  Duration silence() {
    return attempts.stream()
        .map(Attempt::silence)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** A run that is gone need not be worked on to its next write. */
  @TransactionalEventListener
  void deleted(RunDeleted deleted) {
    attempts.stream().filter(a -> a.run().equals(deleted.run())).forEach(Attempt::stop);
  }

  /** Writes what the works noted since the last time. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void flush() {
    for (Attempt attempt : attempts) {
      try {
        attempt.flush();
      } catch (Superseded e) {
        attempt.stop();
      } catch (RuntimeException e) {
        if (!Outage.caused(e)) {
          throw e;
        }
        log.debug("a step was not written: the next one is", e);
      }
    }
  }
}
