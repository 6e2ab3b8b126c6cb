package dev.onecycle.serving;

/** Whoever waits for a prediction. */
@FunctionalInterface
public interface Caller {

  /** Returns whether nobody is there any more to be answered. */
  boolean hasHungUp();
}
