package dev.onecycle.run;

import com.github.kagkarlsson.scheduler.SchedulerState;
import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.platform.Outage;
import dev.onecycle.recipe.Position;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepCurve;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.run.output.OutputPart;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One attempt at a run, as its work sees it. */
final class Attempt implements RunContext {

  private final Lease lease;
  private final RunSpec spec;
  private final RunRecorder recorder;
  private final SchedulerState scheduler;
  private final AtomicReference<StepRecord> latest = new AtomicReference<>();
  private volatile boolean stop;
  private volatile boolean cancelled;
  private volatile @Nullable ResumePoint resumePoint;
  private volatile @Nullable Best best;
  private volatile StepCurve curve;
  private volatile long lastSign = System.nanoTime();

  Attempt(Run run, RunRecorder recorder, SchedulerState scheduler) {
    this.lease = new Lease(run.id(), run.attempt());
    this.spec = run.spec();
    this.recorder = recorder;
    this.scheduler = scheduler;
    learn(run);
  }

  private void learn(Run run) {
    resumePoint = run.resumePoint();
    curve = recorder.curve(run.id());
    best = best(run);
  }

  private static @Nullable Best best(Run run) {
    return run.bestEpoch() == null ? null : new Best(run.bestEpoch(), run.checkpointId());
  }

  Lease lease() {
    return lease;
  }

  /** Returns how long ago its work last asked whether to stop, as it does at every step. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - lastSign);
  }

  /** Hears of the run; a change that was committed before this attempt may come late. */
  void heard(RunChanged change) {
    boolean superseded = change.attempt() > lease.attempt();
    boolean asked = change.attempt() == lease.attempt() && change.state() != RunState.RUNNING;
    cancelled |= change.state() == RunState.CANCELLING;
    if (superseded || asked) {
      stop();
    }
  }

  /** Lets the work stop after the step that it is at. */
  void stop() {
    stop = true;
  }

  /**
   * Writes the latest step and how the curve went to it. INVARIANT: under the lock, so that no
   * epoch overtakes its steps.
   */
  synchronized void flush() {
    StepRecord step = latest.getAndSet(null);
    if (step == null) {
      return;
    }
    try {
      StepCurve.Changes changes = curve.changes();
      recorder.step(lease, step, changes);
      curve.wrote(changes);
    } catch (RuntimeException e) {
      latest.compareAndSet(null, step); // for the next try
      throw e;
    }
  }

  /** Writes its latest step and how it ended. */
  void end(Consumer<Lease> ending) {
    write(
        () -> {
          flush();
          ending.accept(lease);
        });
  }

  @Override
  public UUID run() {
    return lease.run();
  }

  @Override
  public int attempt() {
    return lease.attempt();
  }

  @Override
  public RunSpec spec() {
    return spec;
  }

  @Override
  public boolean stopRequested() {
    lastSign = System.nanoTime();
    return stop || scheduler.isShuttingDown();
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public @Nullable ResumePoint resumePoint() {
    return resumePoint;
  }

  @Override
  public @Nullable Best best() {
    return best;
  }

  @Override
  public void resumePoint(ResumePoint point) {
    write(() -> recorder.resumePoint(lease, point));
    resumePoint = point;
  }

  @Override
  public synchronized void goBack(@Nullable ResumePoint point, String why) {
    write(
        () -> {
          flush();
          learn(recorder.goBack(lease, point, why));
        });
  }

  @Override
  public void device(String name) {
    write(() -> recorder.device(lease, name));
  }

  @Override
  public void step(StepRecord step) {
    if (step.trains()) {
      curve.add(step);
    }
    latest.set(step);
  }

  @Override
  public synchronized boolean epoch(EpochRecord epoch) {
    return write(
        () -> {
          flush();
          return recorder.epoch(lease, epoch);
        });
  }

  @Override
  public void checkpoint(Checkpoint checkpoint) {
    best = best(write(() -> recorder.checkpoint(lease, checkpoint)));
  }

  @Override
  public void ttaAccuracy(UUID checkpoint, double accuracy) {
    write(() -> recorder.ttaAccuracy(lease, checkpoint, accuracy));
  }

  @Override
  public synchronized void output(OutputPart part, long step) {
    Position end = new Position(1, 0, Math.toIntExact(step));
    ResumePoint after = new ResumePoint(attempt(), end, step, false, null);
    write(
        () -> {
          flush();
          recorder.output(lease, part, after);
        });
    resumePoint = after;
  }

  @Override
  public void temperature(UUID checkpoint, Temperature temperature) {
    write(() -> recorder.temperature(lease, checkpoint, temperature));
  }

  @Override
  public void whileHeld(Runnable writes) {
    write(() -> recorder.whileHeld(lease, writes));
  }

  @Override
  public void result(Object document) {
    write(() -> recorder.result(lease, document));
  }

  @Override
  public void log(String message) {
    write(() -> recorder.log(lease, message));
  }

  /** Writes what must not be lost, however long the database is gone. */
  private <T> T write(Supplier<T> write) {
    return Outage.outlast(write, scheduler::isShuttingDown);
  }

  private void write(Runnable write) {
    Outage.outlast(write, scheduler::isShuttingDown);
  }
}
