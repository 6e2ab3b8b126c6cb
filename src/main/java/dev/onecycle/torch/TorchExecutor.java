package dev.onecycle.torch;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One torch thread with a queue in front of it: how code on any other thread gets its tensors
 * computed. Work runs in the order it came.
 */
public final class TorchExecutor implements AutoCloseable {

  /** One that gives way gets a tenth of what another gets that is as busy. */
  private static final int NICENESS = 10;

  private final Device device;
  private final ExecutorService thread;

  public TorchExecutor(Torch torch, String name, Device device) {
    this(torch, name, device, 0);
  }

  private TorchExecutor(Torch torch, String name, Device device, int niceness) {
    this.device = device;
    thread =
        Executors.newSingleThreadExecutor(
            body -> daemon(torch.thread(name, device, niceness, body)));
  }

  /**
   * Makes one whose work takes of a busy processor only what others leave: training beside serving.
   */
  public static TorchExecutor givingWay(Torch torch, String name, Device device) {
    return new TorchExecutor(torch, name, device, NICENESS);
  }

  private static Thread daemon(Thread thread) {
    thread.setDaemon(true);
    return thread;
  }

  public Device device() {
    return device;
  }

  /** Queues {@code work}; the future fails with whatever it throws. */
  public <T> CompletableFuture<T> submit(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable t) {
            result.completeExceptionally(t);
          }
        });
    return result;
  }

  /** Queues {@code work} and waits for it; throws what it throws. */
  public <T> T call(Callable<T> work) throws Exception {
    try {
      return submit(work).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Takes no more work and waits up to a minute for what is queued. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("work on " + device + " still runs after a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
