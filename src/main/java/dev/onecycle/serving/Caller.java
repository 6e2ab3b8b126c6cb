package dev.onecycle.serving;

/** Whoever waits for a prediction. */
@FunctionalInterface
public interface Caller {

  /** Whether nobody is there any more to be answered. */
  boolean hasHungUp();
}
