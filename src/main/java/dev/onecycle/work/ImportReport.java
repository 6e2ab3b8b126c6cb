package dev.onecycle.work;

import dev.onecycle.dataset.ImportRecorder;
import dev.onecycle.dataset.ImportWatch;
import dev.onecycle.dataset.Progress;
import dev.onecycle.dataset.Source;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.history.StepRecord;

/**
 * Tells a run and its dataset how far an import is. The run's steps are bytes of the source; a
 * download counts twice, as it comes and as it is read.
 */
final class ImportReport implements ImportWatch, AutoCloseable {

  /** As often the dataset's row is written, and the import learns that it is no longer its own. */
  private static final long EVERY_NANOS = 1_000_000_000;

  private final RunContext context;
  private final ImportRecorder recorder;
  private final long begun = System.nanoTime();
  private long written = begun;
  private Progress latest = new Progress(null, 0, 0, 0);
  private long bytesBefore;
  private int passes;

  ImportReport(RunContext context, ImportRecorder recorder, Source source) {
    this.context = context;
    this.recorder = recorder;
    this.passes = source.type() == Source.Type.URL ? 2 : 1;
  }

  @Override
  public boolean stopRequested() {
    return context.stopRequested();
  }

  @Override
  public void progress(Progress now) {
    if (now.bytesDone() < latest.bytesDone()) {
      bytesBefore += latest.bytesDone();
      passes--;
    }
    boolean moved = !now.equals(latest);
    latest = now;
    if (moved && now.bytesTotal() != null) {
      step(Math.min(steps(), bytesBefore + now.bytesDone()));
    }
    if (System.nanoTime() - written >= EVERY_NANOS) {
      write();
    }
  }

  /** Everything is read: what a source says of its size is no promise. */
  void complete() {
    step(steps());
  }

  private long steps() {
    return latest.bytesTotal() == null ? 0 : bytesBefore + passes * latest.bytesTotal();
  }

  private void step(long step) {
    double rate = latest.pictures() * 1e9 / Math.max(1, System.nanoTime() - begun);
    context.step(StepRecord.counted(step, steps(), rate));
  }

  private void write() {
    context.whileHeld(() -> recorder.advance(context.spec().requiredDataset(), latest));
    written = System.nanoTime();
  }

  /** Writes how far it came. */
  @Override
  public void close() {
    write();
  }
}
