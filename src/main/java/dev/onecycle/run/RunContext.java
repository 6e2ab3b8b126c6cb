package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Temperature;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.run.output.OutputPart;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The run as its work knows it, and the place where it tells what happened. Every method may be
 * called from any thread. Those that write throw an unchecked exception once another worker has the
 * run: it must reach the caller of {@link RunWork#execute}.
 */
public interface RunContext {

  UUID run();

  /** Returns the attempt's number, from 1; its files go under {@code runs/{run}/{attempt}/}. */
  int attempt();

  /** Returns what it is done with: the dataset, the seed, the checkpoint that it starts from. */
  RunSpec spec();

  /** Returns whether to stop after this step. One volatile read: ask it at every step. */
  boolean stopRequested();

  /** Returns whether nobody wants what it has done so far: it was cancelled. */
  boolean cancelled();

  /** Returns what to go on from; null to begin from nothing. */
  @Nullable ResumePoint resumePoint();

  /** Returns the best epoch so far whose weights are kept, or null. */
  @Nullable Best best();

  /** Makes a resume point count whose state is in the store. */
  void resumePoint(ResumePoint point);

  /**
   * Goes back to a resume point, or to the beginning where it is null: the epochs since then do not
   * count any more.
   *
   * @param why a sentence for whoever follows the run
   */
  void goBack(@Nullable ResumePoint point, String why);

  /** Says which device the work is on, such as {@code cpu} or {@code cuda:0}. */
  void device(String name);

  /**
   * Notes a step, the one that follows the last. It costs nanoseconds: the latest step and the
   * curve up to it are written at most twice a second, by another thread, and always before the
   * epoch that they belong to.
   */
  void step(StepRecord step);

  /**
   * Records a completed epoch.
   *
   * @return whether it is the best so far: more accurate than each before, or as accurate with a
   *     lower loss
   */
  boolean epoch(EpochRecord epoch);

  /**
   * Makes a checkpoint count that was written with {@code CheckpointStore.write}. That of the best
   * epoch becomes the run's.
   */
  void checkpoint(Checkpoint checkpoint);

  /** Keeps with the run and its checkpoint how accurate that is with test-time augmentation. */
  void ttaAccuracy(UUID checkpoint, double accuracy);

  /**
   * Makes the next part of its output count, whose file is in the store: from now on the run goes
   * on after it.
   *
   * @param step how many steps are done with it
   */
  void output(OutputPart part, long step);

  /** Keeps the temperature that an evaluation fitted with the checkpoint that it evaluated. */
  void temperature(UUID checkpoint, Temperature temperature);

  /** Keeps what the run found out, a value that becomes a JSON object: one a run. */
  void result(Object document);

  /**
   * Writes rows of the work's own, in one transaction that holds the run: they count if this
   * attempt does.
   *
   * @param writes may be called again, where the answer to a commit was lost
   */
  void whileHeld(Runnable writes);

  /** Records a sentence for whoever follows the run. */
  void log(String message);
}
