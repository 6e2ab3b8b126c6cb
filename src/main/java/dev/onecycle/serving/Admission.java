package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * The limit on predictions: so many may be under way at the same time, from their first byte to
 * their answer, and so many views on their way to the device. Who comes when it is full is told
 * when to come back instead of being made to wait.
 */
@Component
public class Admission {

  private final Batcher batcher;
  private final int permits;
  private final Semaphore free;

  Admission(Batcher batcher, ServingProperties properties) {
    this.batcher = batcher;
    permits = properties.maxRequests();
    free = new Semaphore(permits);
  }

  /**
   * Takes a permit, which the caller gives back with {@link #leave}.
   *
   * @throws Failure.Overloaded if there is none, or the queue has no room
   */
  public void enter() {
    batcher.requireRoom();
    if (!free.tryAcquire()) {
      throw new Failure.Overloaded(
          permits + " predictions are under way, which is the maximum", batcher.backlog());
    }
  }

  /** Gives a permit back. */
  public void leave() {
    free.release();
  }
}
