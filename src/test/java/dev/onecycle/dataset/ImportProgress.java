package dev.onecycle.dataset;

/** How far an import is: told by the thread that waits for it, read by the heart that beats. */
final class ImportProgress implements ImportWatch {

  private volatile Progress now = Progress.none();
  private volatile boolean stopped;

  /** Ends the import with a CancellationException. */
  void stop() {
    stopped = true;
  }

  /** What to show. */
  Progress now() {
    return now;
  }

  @Override
  public boolean stopRequested() {
    return stopped;
  }

  @Override
  public void progress(Progress progress) {
    now = progress;
  }
}
