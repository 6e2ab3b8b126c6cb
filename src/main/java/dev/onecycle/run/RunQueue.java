package dev.onecycle.run;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.Failure;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What people ask of runs. A run and its place in the queue are one commit: whoever holds the
 * answer to {@link #submit} holds a run that will not be lost.
 */
@Service
public class RunQueue {

  private final CheckpointStore checkpoints;
  private final RunWorks works;
  private final Experience experience;
  private final RunRecorder recorder;
  private final Runs runs;
  private final Schedulers schedulers;
  private final Executions executions;
  private final RunProperties properties;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  RunQueue(
      CheckpointStore checkpoints,
      RunWorks works,
      Experience experience,
      RunRecorder recorder,
      Runs runs,
      Schedulers schedulers,
      Executions executions,
      RunProperties properties,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.checkpoints = checkpoints;
    this.works = works;
    this.experience = experience;
    this.recorder = recorder;
    this.runs = runs;
    this.schedulers = schedulers;
    this.executions = executions;
    this.properties = properties;
    this.publisher = publisher;
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
    run.workload(experience.text(planned.workload()));
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

  /**
   * Deletes an ended run, its epochs, events, checkpoints and files.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if it has not ended, or a model uses one of its checkpoints
   */
  @Transactional
  public void delete(UUID id) {
    Run run = recorder.locked(id);
    if (!run.state().ended()) {
      throw new Failure.Conflict(
          "cannot delete run " + id + ": it is " + run.state(),
          "Cancel it and wait until it is CANCELLED.");
    }
    forget(run);
  }

  /**
   * Deletes a run in whatever state it is. A worker that holds it can write nothing any more and
   * stops.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if a model uses one of its checkpoints
   */
  @Transactional
  public void discard(UUID id) {
    Run run = recorder.locked(id);
    executions.withdraw(run);
    forget(run);
  }

  private void forget(Run run) {
    checkpoints.deleteOf(run.id());
    runs.delete(run);
    publisher.publishEvent(new RunDeleted(run.id()));
  }
}
