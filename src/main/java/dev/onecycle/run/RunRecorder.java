package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.platform.Failure;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/**
 * The only writer of runs. Each method is one short transaction that first locks the run's row, so
 * what happens to a run has one order, and its events are numbered in it without gaps.
 *
 * <p>A worker writes under its {@link Lease}: where another attempt has begun it meets {@link
 * Superseded} and nothing is written.
 */
@Component
@Transactional
class RunRecorder {

  private final Runs runs;
  private final RunEpochs epochs;
  private final Checkpoints checkpoints;
  private final Executions executions;
  private final EntityManager entities;
  private final JsonMapper mapper;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  RunRecorder(
      Runs runs,
      RunEpochs epochs,
      Checkpoints checkpoints,
      Executions executions,
      EntityManager entities,
      JsonMapper mapper,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.runs = runs;
    this.epochs = epochs;
    this.checkpoints = checkpoints;
    this.executions = executions;
    this.entities = entities;
    this.mapper = mapper;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Records a new run. */
  Run add(Run run) {
    runs.save(run);
    tell(run, "state", run.transitions().get(0));
    run.warnings().forEach(warning -> tell(run, "log", Map.of("message", warning)));
    return run;
  }

  /** Does what somebody asked of a run, whoever holds it; empty means that nothing changed. */
  Run request(UUID id, BiFunction<Run, Instant, Optional<Transition>> action) {
    Run run = locked(id);
    action.apply(run, clock.instant()).ifPresent(made -> tell(run, "state", made));
    return run;
  }

  /** The run, locked for the caller's transaction. */
  Run locked(UUID id) {
    return runs.lock(id).orElseThrow(() -> new Failure.NotFound("there is no run " + id));
  }

  /**
   * Starts the next attempt of a run for the worker that picked its execution; empty if the run
   * wants no worker any more or the execution is no longer the picker's. A run that still looks
   * held then was left by a worker that is gone.
   */
  Optional<Run> claim(UUID id, long version, String worker) {
    Optional<Run> found = runs.lock(id).filter(run -> executions.holds(id, version));
    found.filter(run -> run.state().held()).ifPresent(this::lose);
    Optional<Run> claimed = found.filter(run -> run.state() == RunState.QUEUED);
    claimed.ifPresent(
        run -> {
          epochs.forget(id);
          tell(run, "state", run.start(worker, clock.instant()));
        });
    return claimed;
  }

  /** Takes the run from a worker that is gone, unless somebody else did. */
  void lose(Lease gone) {
    runs.lock(gone.run(), gone.attempt()).filter(run -> run.state().held()).ifPresent(this::lose);
  }

  /** Ends the attempt of a worker that could not go on, as if it were gone. */
  RunState giveBack(Lease lease) {
    Run run = held(lease);
    lose(run);
    return run.state();
  }

  private void lose(Run run) {
    tell(run, "state", run.lose(clock.instant()));
  }

  void device(Lease lease, String name) {
    held(lease).device(name);
  }

  void step(Lease lease, StepRecord step) {
    Run run = held(lease);
    run.progress(step, clock.instant());
    tell(run, "step", step);
  }

  void epoch(Lease lease, EpochRecord epoch) {
    Run run = held(lease);
    if (epoch.equals(run.lastEpoch())) {
      return; // Written before, but the answer did not arrive.
    }
    run.completed(epoch);
    entities.persist(new RunEpoch(lease.run(), epoch));
    tell(run, "epoch", epoch);
  }

  /** Makes a checkpoint count: its row is written last, when its weights are safe. */
  void checkpoint(Lease lease, Checkpoint checkpoint, boolean best) {
    Run run = held(lease);
    checkpoints.save(checkpoint);
    if (best) {
      run.checkpoint(checkpoint.id());
    }
    tell(run, "checkpoint", Map.of("checkpoint", checkpoint.id()));
  }

  void ttaAccuracy(Lease lease, double accuracy) {
    held(lease).ttaAccuracy(accuracy);
  }

  /** Keeps the run's result, in place of one that an earlier attempt left. */
  void result(Lease lease, Object document) {
    held(lease);
    entities.merge(new RunResult(lease.run(), mapper.writeValueAsString(document)));
  }

  void log(Lease lease, String message) {
    tell(held(lease), "log", Map.of("message", message));
  }

  /** Ends the attempt: the answer is the state that the run is in now, here and below. */
  RunState succeed(Lease lease) {
    return end(lease, Run::succeed);
  }

  RunState fail(Lease lease, RunFailure failure) {
    return end(lease, (run, now) -> run.fail(failure, now));
  }

  RunState stop(Lease lease) {
    return end(lease, Run::stop);
  }

  private RunState end(Lease lease, BiFunction<Run, Instant, Transition> ending) {
    Run run = held(lease);
    tell(run, "state", ending.apply(run, clock.instant()));
    return run.state();
  }

  private Run held(Lease lease) {
    return runs.lock(lease.run(), lease.attempt())
        .filter(run -> run.state().held())
        .orElseThrow(() -> new Superseded(lease));
  }

  private void tell(Run run, String type, Object data) {
    String json = mapper.writeValueAsString(data);
    entities.persist(new RunEvent(run.id(), run.nextEvent(), type, clock.instant(), json));
    publisher.publishEvent(RunChanged.of(run));
  }
}
