package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.Temperature;
import java.util.List;
import java.util.UUID;

/**
 * What a work knows of its run, and where it tells what happened. Every method may be called from
 * any thread. Those that write throw an unchecked exception once another worker has the run: it
 * must reach the caller of {@link RunWork#execute}.
 */
public interface RunContext {

  UUID run();

  /** From 1; files of this attempt go under {@code runs/{run}/{attempt}/}. */
  int attempt();

  /** Null for work on what is no dataset. */
  UUID dataset();

  /** The resolved recipe as JSON, or what a kind without recipe is asked for. */
  String recipe();

  long seed();

  /** The checkpoint whose weights it starts from or works with, or null. */
  UUID from();

  /** Whether to stop after this step. One volatile read: ask it at every step. */
  boolean stopRequested();

  /** Whether nobody wants what it has done so far: it was cancelled. */
  boolean cancelled();

  /** What to go on from; null to begin from nothing. */
  ResumePoint resumePoint();

  /** The best epoch before that, or null. */
  Best best();

  /** Makes a resume point count whose state is in the store. */
  void resumePoint(ResumePoint point);

  /**
   * Goes back to a resume point, or to the beginning where it is null: the epochs since then do not
   * count any more.
   *
   * @param why a sentence for whoever follows the run
   */
  void goBack(ResumePoint point, String why);

  /** Says which device the work is on, such as {@code cpu} or {@code cuda:0}. */
  void device(String name);

  /**
   * Notes a step, the one that follows the last. It costs nanoseconds: the latest step and the
   * curve up to it are written at most twice a second, by another thread, and always before the
   * epoch that they belong to.
   */
  void step(StepRecord step);

  /** Records a completed epoch. */
  void epoch(EpochRecord epoch);

  /**
   * Makes a checkpoint count that was written with {@code CheckpointStore.write}.
   *
   * @param best whether it is the best so far, which is the run's
   */
  void checkpoint(Checkpoint checkpoint, boolean best);

  /** Records how accurate its best weights are with test-time augmentation. */
  void ttaAccuracy(double accuracy);

  /**
   * Makes the next part of its output count, whose file is in the store: from now on the run goes
   * on after it.
   *
   * @param step how many steps are done with it
   */
  void output(OutputPart part, long step);

  /** Keeps the temperature that an evaluation fitted with the checkpoint that it evaluated. */
  void temperature(UUID checkpoint, Temperature temperature);

  /** Keeps what it says of each picture that it evaluated. */
  void answers(List<PictureAnswer> answers);

  /** Keeps what the run found out, a value that becomes a JSON object: one a run. */
  void result(Object document);

  /** Records a sentence for whoever follows the run. */
  void log(String message);
}
