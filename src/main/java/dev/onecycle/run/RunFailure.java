package dev.onecycle.run;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a run failed, and what to do about it.
 *
 * @param fix one sentence: what to do next, or null
 */
public record RunFailure(Kind kind, @Nullable String message, @Nullable String fix) {

  /** The kind of what went wrong, by what helps. */
  public enum Kind {
    /** A batch does not fit in the device's memory. */
    OUT_OF_MEMORY,
    /** The loss is no longer a finite number, or exploded. */
    DIVERGED,
    /** The dataset or the recipe does not allow what was asked for. */
    DATA,
    /** No room on the disk, or the store is gone. */
    STORAGE,
    /** Its worker was lost, each time it was tried. */
    LOST_WORKER,
    /** A bug of ours. */
    INTERNAL
  }

  /** What a transition's reason can hold. */
  private static final int MAX_MESSAGE = 2_000;

  public RunFailure {
    message = cut(message);
  }

  /** Returns as much of {@code text}, which may be null, as a column holds. */
  static @Nullable String cut(@Nullable String text) {
    return text == null ? null : text.substring(0, Math.min(text.length(), MAX_MESSAGE));
  }

  static RunFailure lostWorker(String reason, int losses) {
    return new RunFailure(
        Kind.LOST_WORKER,
        reason + " (" + losses + " losses, which is the limit)",
        "Look in the workers' logs for what ended them, then try again.");
  }
}
