package dev.onecycle.training;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The threads that make a network's input while the device computes. */
public final class DataThreads implements AutoCloseable {

  private final ExecutorService threads;

  /**
   * Starts threads as they are needed.
   *
   * @param most how many at once, at least 1
   */
  public DataThreads(int most) {
    threads = Executors.newFixedThreadPool(most, DataThreads::thread);
  }

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "data");
    thread.setDaemon(true);
    return thread;
  }

  <R> Future<R> submit(Callable<R> item) {
    return threads.submit(item);
  }

  /**
   * Waits for what was submitted. Interrupts nobody: an interrupted read would close the dataset's
   * file for everybody.
   */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
