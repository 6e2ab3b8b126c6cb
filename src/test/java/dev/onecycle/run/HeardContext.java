package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Temperature;
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
  public UUID dataset() {
    return new UUID(0, 1);
  }

  @Override
  public String recipe() {
    return "{}";
  }

  @Override
  public long seed() {
    return 42;
  }

  @Override
  public UUID from() {
    return null;
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
  public void epoch(EpochRecord epoch) {}

  @Override
  public void checkpoint(Checkpoint checkpoint, boolean best) {}

  @Override
  public void ttaAccuracy(double accuracy) {}

  @Override
  public void output(OutputPart part, long step) {}

  @Override
  public void temperature(UUID checkpoint, Temperature temperature) {}

  @Override
  public void answers(List<PictureAnswer> answers) {}

  @Override
  public void result(Object document) {}

  @Override
  public void log(String message) {
    logs.add(message);
  }
}
