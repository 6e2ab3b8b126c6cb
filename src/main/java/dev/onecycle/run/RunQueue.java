package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The queue that runs are submitted to. A run and its place in the queue are one commit: whoever
 * holds the answer to {@link #submit} holds a run that will not be lost.
 */
@Service
public class RunQueue {

  private final RunWorks works;
  private final RunRecorder recorder;
  private final Schedulers schedulers;
  private final Executions executions;
  private final RunProperties properties;
  private final Clock clock;

  RunQueue(
      RunWorks works,
      RunRecorder recorder,
      Schedulers schedulers,
      Executions executions,
      RunProperties properties,
      Clock clock) {
    this.works = works;
    this.recorder = recorder;
    this.schedulers = schedulers;
    this.executions = executions;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Queues a run.
   *
   * @param asked what its kind of work is asked for, of the type that {@link RunWork#asked} says
   * @throws Failure as {@link RunWork#plan} does, if its work cannot be done as asked
   */
  @Transactional
  public Run submit(RunSpec spec, Object asked, Set<String> tags) {
    Planned planned = works.plan(spec, asked);
    Run run =
        new Run(
            spec,
            works.json(asked),
            works.pool(spec.kind()),
            tags,
            planned.warnings(),
            properties.maxAttempts(),
            clock.instant());
    run.workload(planned.workload() == null ? null : works.json(planned.workload()));
    recorder.add(run);
    schedulers.queue(run);
    return run;
  }

  /**
   * Ends a run: at once where no worker holds it, else after the step that it is at. Asking again
   * changes nothing.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if it ended in another way
   */
  @Transactional
  public void cancel(UUID id) {
    Run run = recorder.request(id, Run::cancel);
    if (run.state().ended()) {
      executions.withdraw(run);
    }
  }

  /**
   * Lets a run wait until it is resumed: at once where no worker holds it, else after the step that
   * it is at. It keeps what it has done. Asking again changes nothing.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if it ended or is being cancelled
   */
  @Transactional
  public void pause(UUID id) {
    Run run = recorder.request(id, Run::pause);
    if (run.state() == RunState.PAUSED) {
      executions.withdraw(run);
    }
  }

  /**
   * Queues a paused run again, with its old priority and at its old place. Nothing changes for one
   * that waits or runs.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if it is neither paused nor going on
   */
  @Transactional
  public void resume(UUID id) {
    Run run = recorder.request(id, Run::resume);
    if (run.state() == RunState.QUEUED) {
      schedulers.queue(run);
    }
  }
}
