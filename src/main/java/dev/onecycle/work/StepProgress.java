package dev.onecycle.work;

import dev.onecycle.run.RunContext;
import dev.onecycle.run.history.StepRecord;

/** The progress of work that looks at pictures batch by batch, as the run is told it. */
final class StepProgress {

  private final RunContext context;
  private final long steps;
  private final long begun = System.nanoTime();
  private long step;
  private long pictures;

  /**
   * @param before steps that an earlier attempt did
   * @param left how many this one has to do
   */
  StepProgress(RunContext context, long before, long left) {
    this.context = context;
    this.step = before;
    this.steps = before + left;
  }

  /** Tells that one more step is done, with so many pictures. */
  void done(int more) {
    step++;
    pictures += more;
    double rate = pictures * 1e9 / Math.max(1, System.nanoTime() - begun);
    context.step(StepRecord.counted(step, steps, rate));
  }

  /** Returns how many steps are done, those of earlier attempts among them. */
  long step() {
    return step;
  }

  /** Returns how long the pictures of this attempt took, in milliseconds each. */
  double msPerPicture() {
    return (System.nanoTime() - begun) / 1e6 / Math.max(1, pictures);
  }
}
