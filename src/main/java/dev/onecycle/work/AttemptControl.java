package dev.onecycle.work;

import dev.onecycle.run.RunContext;
import dev.onecycle.training.TrainingControl;
import dev.onecycle.training.TrainingStateWriter;
import java.time.Duration;

/**
 * The wishes of an attempt at its training: to stop when asked, and never to lose much of its work.
 */
final class AttemptControl implements TrainingControl {

  private final RunContext context;
  private final ResumePoints points;
  private final TrainingReporter reporter;
  private final boolean halved;
  private final ResumeRhythm rhythm;

  /**
   * @param every how long a training may go on without a resume point
   * @param halved whether it trains with half of its recipe's batches
   */
  AttemptControl(
      RunContext context,
      ResumePoints points,
      TrainingReporter reporter,
      boolean halved,
      Duration every) {
    this.context = context;
    this.points = points;
    this.reporter = reporter;
    this.halved = halved;
    this.rhythm = new ResumeRhythm(every, System::nanoTime);
  }

  @Override
  public boolean stopRequested() {
    return context.stopRequested();
  }

  @Override
  public boolean keepDue(boolean epochEnded) {
    return rhythm.due(epochEnded);
  }

  @Override
  public void keep(TrainingStateWriter state) {
    rhythm.keep(
        () -> {
          long step = reporter.stepOfRun(state.step(), state.steps());
          if (!context.cancelled() && points.keep(context, state, step, halved)) {
            reporter.forgetSuperseded();
          }
        });
  }
}
