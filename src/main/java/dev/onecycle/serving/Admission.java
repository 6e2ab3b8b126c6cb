package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * The door: so many predictions may be under way at the same time, from their first byte to their
 * answer. Who comes when it is full is told to come back instead of being made to wait.
 */
@Component
public class Admission {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int places;
  private final Semaphore free;

  Admission(ServingProperties properties) {
    places = properties.maxRequests();
    free = new Semaphore(places);
  }

  /** Takes a place, which the caller gives back with {@link #leave}. */
  public void enter() {
    if (!free.tryAcquire()) {
      throw new Failure.Overloaded(
          places + " predictions are under way, which is the maximum", RETRY_AFTER);
    }
  }

  /** Gives a place back. */
  public void leave() {
    free.release();
  }
}
