package dev.onecycle.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The place where a run went on that was begun by an earlier attempt.
 *
 * @param attempt that came so far
 * @param phase the fit inside the recipe, from 1
 * @param epoch the epoch inside its phase, from 0
 * @param step steps done in the whole run
 * @param at when it went on there
 */
public record ResumedFrom(int attempt, int phase, int epoch, long step, Instant at) {

  /** Returns the same for people; null for null. */
  static @Nullable ResumedFrom of(@Nullable ResumePoint point, Instant at) {
    return point == null
        ? null
        : new ResumedFrom(
            point.attempt(), point.position().phase(), point.position().epoch(), point.step(), at);
  }
}
