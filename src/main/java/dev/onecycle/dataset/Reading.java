package dev.onecycle.dataset;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of a source is, and whether it shall go on: written by the thread that reads,
 * looked at by the one that waits for it.
 */
final class Reading {

  private volatile @Nullable Long bytesTotal;
  private volatile long bytesDone;
  private volatile int pictures;
  private volatile int unreadable;
  private volatile long lastStep = System.nanoTime();
  private volatile boolean stopped;

  /** Starts counting a source of so many bytes. */
  void begin(long total) {
    bytesTotal = total;
    bytesDone = 0;
    step();
  }

  /** So many bytes more were worked off. */
  void advance(long bytes) {
    set(bytesDone + bytes, pictures, unreadable);
  }

  /** So many pictures are packed and left out in all. */
  void count(int packed, int leftOut) {
    set(bytesDone, packed, leftOut);
  }

  private void set(long bytes, int packed, int leftOut) {
    bytesDone = bytes;
    pictures = packed;
    unreadable = leftOut;
    step();
  }

  /**
   * Notes a sign of life: call it between any two pieces of work that could go on for long. Throws
   * CancellationException once the reading was stopped.
   */
  void step() {
    lastStep = System.nanoTime();
    if (stopped) {
      throw new CancellationException("the import was told to stop");
    }
  }

  /** Ends the reading at its next step. */
  void stop() {
    stopped = true;
  }

  /** Whether it was told to end; no sign of life. */
  boolean isStopped() {
    return stopped;
  }

  /** How long it has made no step. */
  Duration stalled() {
    return Duration.ofNanos(System.nanoTime() - lastStep);
  }

  /** What to show. */
  Progress now() {
    return new Progress(bytesTotal, bytesDone, pictures, unreadable);
  }
}
