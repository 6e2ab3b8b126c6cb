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
  private final int places;
  private final Semaphore free;

  Admission(Batcher batcher, ServingProperties properties) {
    this.batcher = batcher;
    places = properties.maxRequests();
    free = new Semaphore(places);
  }

  /** Takes a place, which the caller gives back with {@link #leave}. */
  public void enter() {
    batcher.requireRoom();
    if (!free.tryAcquire()) {
      throw new Failure.Overloaded(
          places + " predictions are under way, which is the maximum", batcher.backlog());
    }
  }

  /** Gives a place back. */
  public void leave() {
    free.release();
  }
}
