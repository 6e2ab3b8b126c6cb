package dev.onecycle.demo;

import dev.onecycle.run.Run;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.Progress;

/** A run's progress in one line for people. */
final class ProgressLine {

  private static final int WIDTH = 20;

  private ProgressLine() {}

  /**
   * Returns a line such as {@code epoch 2/5 [########------------] loss 1.97 accuracy 38.0 % ...}.
   */
  static String of(Run run, Progress progress) {
    int done = (int) (WIDTH * progress.step() / Math.max(1, progress.steps()));
    EpochRecord last = run.lastEpoch();
    return "  epoch %d/%d [%s%s]  loss %.2f  accuracy %s  %4.0f images/s  ETA %d s"
        .formatted(
            progress.epoch() + 1,
            progress.epochs(),
            "#".repeat(done),
            "-".repeat(WIDTH - done),
            progress.trainLoss(),
            last == null || last.accuracy() == null
                ? "   -  "
                : "%4.1f %%".formatted(100 * last.accuracy()),
            progress.imagesPerSecond(),
            Math.round(progress.etaSeconds()));
  }
}
