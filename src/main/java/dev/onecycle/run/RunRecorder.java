package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.RunHistory;
import dev.onecycle.run.history.StepCurve;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.run.output.OutputPart;
import dev.onecycle.run.output.RunOutputs;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

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

  static final String LOST = "its worker was lost";

  private final Runs runs;
  private final RunHistory history;
  private final RunOutputs outputs;
  private final Checkpoints checkpoints;
  private final Executions executions;
  private final EventLog log;
  private final Clock clock;

  RunRecorder(
      Runs runs,
      RunHistory history,
      RunOutputs outputs,
      Checkpoints checkpoints,
      Executions executions,
      EventLog log,
      Clock clock) {
    this.runs = runs;
    this.history = history;
    this.outputs = outputs;
    this.checkpoints = checkpoints;
    this.executions = executions;
    this.log = log;
    this.clock = clock;
  }

  /** Records a new run. */
  Run add(Run run) {
    runs.save(run);
    log.tell(run, "state", run.transitions().get(0));
    run.warnings().forEach(warning -> log.tell(run, "log", Map.of("message", warning)));
    return run;
  }

  /** Does what somebody asked of a run, whoever holds it; empty means that nothing changed. */
  Run request(UUID id, BiFunction<Run, Instant, Optional<Transition>> action) {
    Run run = locked(id);
    action.apply(run, clock.instant()).ifPresent(made -> log.tell(run, "state", made));
    return run;
  }

  /** Returns the run, locked for the caller's transaction. */
  Run locked(UUID id) {
    return runs.lock(id).orElseThrow(() -> new Failure.NotFound("there is no run " + id));
  }

  /**
   * Starts the next attempt of a run for the worker that picked its execution; empty if the run
   * wants no worker any more, a more urgent one was queued since it was picked, or the execution is
   * no longer the picker's. A run that still looks held then was left by a worker that is gone.
   */
  Optional<Run> claim(UUID id, long version, String worker) {
    Instant now = clock.instant();
    Optional<Run> found = runs.lock(id).filter(run -> executions.holds(run, version));
    found.filter(run -> run.state().held()).ifPresent(run -> lose(run, LOST));
    Optional<Run> claimed =
        found
            .filter(run -> run.state() == RunState.QUEUED)
            .filter(run -> !executions.overtakes(run, now));
    claimed.ifPresent(
        run -> {
          Transition started = run.start(worker, now);
          keepWhatCounts(run);
          log.tell(run, "state", started);
        });
    return claimed;
  }

  /** Keeps what came before the run's resume point. */
  private void keepWhatCounts(Run run) {
    ResumePoint point = run.resumePoint();
    Position at = point == null ? Position.START : point.position();
    history.forgetAfter(run.id(), at, point == null ? 0 : point.step()).forEach(run::completed);
    EpochRecord best = run.bestEpoch();
    run.checkpoint(best == null ? null : checkpointOf(run.id(), best));
  }

  /** Returns the newest of that epoch, or null. */
  private @Nullable UUID checkpointOf(UUID run, EpochRecord epoch) {
    return checkpoints.findByRunId(run).stream()
        .filter(Checkpoint::readable)
        .filter(checkpoint -> epoch.isOf(checkpoint.manifest().origin()))
        .max(Comparator.comparing(Checkpoint::createdAt))
        .map(Checkpoint::id)
        .orElse(null);
  }

  /** Takes an attempt back to that point, to nothing where it is null, and says why. */
  Run goBack(Lease lease, @Nullable ResumePoint point, String why) {
    Run run = held(lease);
    run.goBack(point, clock.instant());
    keepWhatCounts(run);
    log.tell(run, "log", Map.of("message", why));
    return run;
  }

  /** Makes a resume point count: its row is written last, when its state is safe. */
  void resumePoint(Lease lease, ResumePoint point) {
    held(lease).resumePoint(point);
  }

  /** Ends the attempt of a worker that cannot go on: the run is tried again, but not for ever. */
  void giveBack(Lease lease, String reason) {
    lose(held(lease), reason);
  }

  /** Takes the run from a worker that is gone, unless somebody else did. */
  void lose(Lease gone, String reason) {
    runs.lock(gone.run(), gone.attempt())
        .filter(run -> run.state().held())
        .ifPresent(run -> lose(run, reason));
  }

  private void lose(Run run, String reason) {
    log.tell(run, "state", run.lose(reason, clock.instant()));
  }

  /**
   * Lets a worker that left a run do with its execution what the run's state asks for, while nobody
   * can change that: a run that was resumed meanwhile keeps its place in the queue.
   *
   * @param settled told whether the run waits for a worker
   */
  void settle(UUID id, Consumer<Boolean> settled) {
    settled.accept(runs.lock(id).filter(run -> run.state() == RunState.QUEUED).isPresent());
  }

  /** Does {@code writes} while nobody can take the run from the attempt. */
  void whileHeld(Lease lease, Runnable writes) {
    held(lease);
    writes.run();
  }

  void device(Lease lease, String name) {
    held(lease).device(name);
  }

  /** Returns the curve that the attempt's steps are added to. */
  StepCurve curve(UUID run) {
    return history.curve(run);
  }

  void step(Lease lease, StepRecord step, StepCurve.Changes changes) {
    Run run = held(lease);
    run.progress(step, clock.instant());
    history.add(lease.run(), changes);
    log.tell(run, "step", step);
  }

  /** Records an epoch, and answers whether it is the best so far. */
  boolean epoch(Lease lease, EpochRecord epoch) {
    Run run = held(lease);
    if (!epoch.equals(run.lastEpoch())) { // else written before, but the answer did not arrive
      run.completed(epoch);
      history.add(lease.run(), epoch);
      log.tell(run, "epoch", epoch);
    }
    return epoch.equals(run.bestEpoch());
  }

  /** Makes a checkpoint count: its row is written last, when its weights are safe. */
  Run checkpoint(Lease lease, Checkpoint checkpoint) {
    Run run = held(lease);
    checkpoints.save(checkpoint);
    if (run.bestEpoch() != null && run.bestEpoch().isOf(checkpoint.manifest().origin())) {
      run.checkpoint(checkpoint.id());
    }
    log.tell(run, "checkpoint", Map.of("checkpoint", checkpoint.id()));
    return run;
  }

  /** Keeps an accuracy with the run and with the checkpoint, unless that is gone. */
  void ttaAccuracy(Lease lease, UUID checkpoint, double accuracy) {
    held(lease).ttaAccuracy(accuracy);
    checkpoints.findById(checkpoint).ifPresent(found -> found.ttaAccuracy(accuracy));
  }

  /** Makes a part of the run's output count, and what it then goes on from. */
  void output(Lease lease, OutputPart part, ResumePoint after) {
    Run run = held(lease);
    outputs.add(lease.run(), part);
    run.resumePoint(after);
  }

  /** Keeps a temperature with its checkpoint, unless that is gone. */
  void temperature(Lease lease, UUID checkpoint, Temperature temperature) {
    held(lease);
    checkpoints.findById(checkpoint).ifPresent(found -> found.temperature(temperature));
  }

  /** Keeps the run's result, in place of one that an earlier attempt left. */
  void result(Lease lease, Object document) {
    held(lease);
    outputs.keepResult(lease.run(), document);
  }

  void log(Lease lease, String message) {
    log.tell(held(lease), "log", Map.of("message", message));
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
    log.tell(run, "state", ending.apply(run, clock.instant()));
    return run.state();
  }

  private Run held(Lease lease) {
    return runs.lock(lease.run(), lease.attempt())
        .filter(run -> run.state().held())
        .orElseThrow(() -> new Superseded(lease));
  }
}
