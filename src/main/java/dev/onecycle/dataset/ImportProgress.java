package dev.onecycle.dataset;

import java.util.concurrent.CancellationException;

/** How far an import is: written by its thread, read by the heart that beats for it. */
final class ImportProgress {

  private volatile Long bytesTotal;
  private volatile long bytesDone;
  private volatile int pictures;
  private volatile int unreadable;
  private volatile boolean stopped;

  /** Starts counting a source of so many bytes. */
  void begin(long total) {
    bytesTotal = total;
    bytesDone = 0;
  }

  /** Only the import's own thread calls this. */
  void advance(long bytes) {
    set(bytesDone + bytes, pictures, unreadable);
  }

  void count(int packed, int leftOut) {
    set(bytesDone, packed, leftOut);
  }

  private void set(long bytes, int packed, int leftOut) {
    bytesDone = bytes;
    pictures = packed;
    unreadable = leftOut;
    if (stopped) {
      throw new CancellationException("the import was told to stop");
    }
  }

  /** Ends the import at its next step with a CancellationException. */
  void stop() {
    stopped = true;
  }

  /** What to show. */
  Progress now() {
    return new Progress(bytesTotal, bytesDone, pictures, unreadable);
  }
}
