package dev.onecycle.work;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The rhythm in which a training keeps its state: after every epoch, unless that would take more
 * than a twentieth of the time, as with epochs of seconds, and inside an epoch that lasts long.
 */
final class ResumeRhythm {

  private static final int PART = 20;

  private final long everyNanos;
  private final LongSupplier nanos;
  private long keptAt;
  private long took;

  /**
   * @param every how long a training may go on without a resume point
   * @param nanos a clock such as {@link System#nanoTime}
   */
  ResumeRhythm(Duration every, LongSupplier nanos) {
    this.everyNanos = every.toNanos();
    this.nanos = nanos;
    keptAt = nanos.getAsLong();
  }

  /** Returns whether it is time, at the end of an epoch or inside one. */
  boolean due(boolean epochEnded) {
    long pause = epochEnded ? Math.min(everyNanos, PART * took) : everyNanos;
    return nanos.getAsLong() - keptAt >= pause;
  }

  /** Keeps the state, which takes a while. */
  void keep(Runnable keeping) {
    long begun = nanos.getAsLong();
    keeping.run();
    keptAt = nanos.getAsLong();
    took = keptAt - begun;
  }
}
