package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
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

  static final String LOST = "its worker was lost";

  private final Runs runs;
  private final RunEpochs epochs;
  private final RunSteps steps;
  private final RunAnswers answers;
  private final Checkpoints checkpoints;
  private final Executions executions;
  private final EntityManager entities;
  private final JsonMapper mapper;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  RunRecorder(
      Runs runs,
      RunEpochs epochs,
      RunSteps steps,
      RunAnswers answers,
      Checkpoints checkpoints,
      Executions executions,
      EntityManager entities,
      JsonMapper mapper,
      ApplicationEventPublisher publisher,
      Clock clock) {
    this.runs = runs;
    this.epochs = epochs;
    this.steps = steps;
    this.answers = answers;
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
   * wants no worker any more, a more urgent one was queued since it was picked, or the execution is
   * no longer the picker's. A run that still looks held then was left by a worker that is gone.
   */
  Optional<Run> claim(UUID id, long version, String worker) {
    Instant now = clock.instant();
    Optional<Run> found = runs.lock(id).filter(run -> executions.holds(id, version));
    found.filter(run -> run.state().held()).ifPresent(run -> lose(run, LOST));
    Optional<Run> claimed =
        found
            .filter(run -> run.state() == RunState.QUEUED)
            .filter(run -> !executions.overtakes(id, now));
    claimed.ifPresent(
        run -> {
          Transition started = run.start(worker, now);
          keepWhatCounts(run);
          tell(run, "state", started);
        });
    return claimed;
  }

  /** Keeps what came before the run's resume point. */
  private void keepWhatCounts(Run run) {
    ResumePoint point = run.resumePoint();
    Position at = point == null ? Position.START : point.position();
    epochs.forget(run.id(), at.phase(), at.epoch());
    steps.forgetAfter(run.id(), point == null ? 0 : point.step());
    epochs.of(run.id()).forEach(run::completed);
    EpochRecord best = run.bestEpoch();
    run.checkpoint(best == null ? null : checkpointOf(run.id(), best));
  }

  /** The newest of that epoch, or null. */
  private UUID checkpointOf(UUID run, EpochRecord epoch) {
    return checkpoints.findByRunId(run).stream()
        .filter(checkpoint -> epoch.isOf(checkpoint.manifest().origin()))
        .max(Comparator.comparing(Checkpoint::createdAt))
        .map(Checkpoint::id)
        .orElse(null);
  }

  /** Takes an attempt back to that point, to nothing where it is null, and says why. */
  Run goBack(Lease lease, ResumePoint point, String why) {
    Run run = held(lease);
    run.goBack(point, clock.instant());
    keepWhatCounts(run);
    tell(run, "log", Map.of("message", why));
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
    tell(run, "state", run.lose(reason, clock.instant()));
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

  void device(Lease lease, String name) {
    held(lease).device(name);
  }

  /** The curve that the attempt's steps are added to. */
  StepCurve curve(UUID run) {
    return steps.curve(run);
  }

  void step(Lease lease, StepRecord step, StepCurve.Changes changes) {
    Run run = held(lease);
    run.progress(step, clock.instant());
    steps.write(lease.run(), changes);
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

  /** Makes a part of the run's output count, and what it then goes on from. */
  void output(Lease lease, OutputPart part, ResumePoint after) {
    Run run = held(lease);
    entities.merge(new RunOutput(lease.run(), part));
    run.resumePoint(after);
  }

  /** Keeps a temperature with its checkpoint, unless that is gone. */
  void temperature(Lease lease, UUID checkpoint, Temperature temperature) {
    held(lease);
    checkpoints.findById(checkpoint).ifPresent(found -> found.temperature(temperature));
  }

  /** Keeps what it says of each picture, in place of what an earlier attempt left. */
  void answers(Lease lease, List<PictureAnswer> all) {
    held(lease);
    answers.write(lease.run(), all);
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
