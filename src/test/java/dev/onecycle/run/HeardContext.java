package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.run.output.OutputPart;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A run without a database: it remembers what its work tells. */
public final class HeardContext implements RunContext {

  public final List<String> logs = new ArrayList<>();
  public final UUID run = UUID.randomUUID();
  public ResumePoint resumePoint;
  public Best best;
  public RuntimeException superseded;

  @Override
  public UUID run() {
    return run;
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public RunSpec spec() {
    return new RunSpec("train", new UUID(0, 1), 42, "heard", 0);
  }

  @Override
  public boolean stopRequested() {
    return false;
  }

  @Override
  public boolean cancelled() {
    return false;
  }

  @Override
  public ResumePoint resumePoint() {
    return resumePoint;
  }

  @Override
  public Best best() {
    return best;
  }

  @Override
  public void resumePoint(ResumePoint point) {
    if (superseded != null) {
      throw superseded;
    }
    resumePoint = point;
  }

  @Override
  public void goBack(ResumePoint point, String why) {
    resumePoint = point;
    logs.add(why);
  }

  @Override
  public void device(String name) {}

  @Override
  public void step(StepRecord step) {}

  @Override
  public boolean epoch(EpochRecord epoch) {
    return best == null || epoch.isBetterThan(best.epoch());
  }

  @Override
  public void checkpoint(Checkpoint checkpoint) {}

  @Override
  public void ttaAccuracy(UUID checkpoint, double accuracy) {}

  @Override
  public void output(OutputPart part, long step) {}

  @Override
  public void temperature(UUID checkpoint, Temperature temperature) {}

  @Override
  public void result(Object document) {}

  @Override
  public void whileHeld(Runnable writes) {
    if (superseded != null) {
      throw superseded;
    }
    writes.run();
  }

  @Override
  public void log(String message) {
    logs.add(message);
  }
}
