package dev.onecycle.dataset;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that reads what strangers sent, and that can be left behind. Reading ends by itself at
 * its next step; a decoder that makes none, or a file system that does not answer, keeps this
 * thread but not the one that waits for it.
 *
 * @param maxStall how long it may go without a step
 * @param heed how long it may take to end once it was told to
 */
record ReadingThread(Duration maxStall, Duration heed) {

  private static final Logger log = LoggerFactory.getLogger(ReadingThread.class);
  private static final long LOOK_MILLIS = 100;

  /**
   * Does {@code work} and waits for it. What that throws comes out of here, an Error that is not
   * about the whole process as IllegalStateException.
   *
   * @throws CancellationException if {@code watch} asks to stop
   * @throws Failure.Invalid if there is no step for too long
   */
  <T> T run(Reading reading, ImportWatch watch, Callable<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "import-reading");
    // One that was left behind must not keep the process from ending.
    thread.setDaemon(true);
    thread.start();
    try {
      while (true) {
        requireGoingOn(reading, watch);
        try {
          T done = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          watch.progress(reading.now());
          return done;
        } catch (TimeoutException e) {
          watch.progress(reading.now());
        }
      }
    } catch (ExecutionException e) {
      watch.progress(reading.now());
      throw thrown(requireNonNull(e.getCause()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("the import was interrupted");
    } finally {
      reading.stop();
      leave(thread);
    }
  }

  private void requireGoingOn(Reading reading, ImportWatch watch) {
    if (watch.stopRequested()) {
      throw new CancellationException("the import was told to stop");
    }
    if (reading.stalled().compareTo(maxStall) > 0) {
      throw new Failure.Invalid(
          "the import made no progress for %d seconds".formatted(maxStall.toSeconds()),
          "Look whether the source answers, or raise onecycle.dataset.max-stall.");
    }
  }

  /** Out of memory is about the process; a class or a stack that is missing, about one archive. */
  private static RuntimeException thrown(Throwable cause) throws IOException {
    if (cause instanceof IOException e) {
      throw e;
    }
    if (cause instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
      throw e;
    }
    return cause instanceof RuntimeException e
        ? e
        : new IllegalStateException("reading ended with " + cause, cause);
  }

  private void leave(Thread thread) {
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(heed.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isAlive()) {
      log.warn("a reading does not end and is left behind at {}", (Object) thread.getStackTrace());
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
