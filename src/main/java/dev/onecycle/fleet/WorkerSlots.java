package dev.onecycle.fleet;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that work on runs: one platform thread per slot.
 *
 * <p>The scheduler offers candidates anew at every poll, busy or not: the queue keeps the newest
 * only, so it neither grows nor starts a run before a more urgent one.
 */
public final class WorkerSlots extends ThreadPoolExecutor {

  /**
   * @param name what its threads are called, before their number
   */
  public WorkerSlots(String name, int slots) {
    super(
        slots,
        slots,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(slots),
        new CustomizableThreadFactory(name),
        new DiscardOldestPolicy());
  }

  /** Sets how many runs are worked on from now on; more that are under way end first. */
  void resize(int slots) {
    if (slots > getMaximumPoolSize()) {
      setMaximumPoolSize(slots);
      setCorePoolSize(slots);
    } else {
      setCorePoolSize(slots);
      setMaximumPoolSize(slots);
    }
  }

  /**
   * Interrupts nobody: a thread that is interrupted while it writes makes H2 close its database. A
   * work stops by itself, since its run tells it to; one that does not in time ends with the
   * process, and its run is found at the next start.
   */
  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    return List.of();
  }
}
