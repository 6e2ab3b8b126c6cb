package dev.onecycle.training.data;

import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Stretch;
import java.util.Iterator;

/** The source of a trainer's batches. Phases count from 1. */
public interface Batches extends AutoCloseable {

  /** One pass over pictures; to be closed when done or given up. */
  interface Pass extends Iterator<Batch>, AutoCloseable {
    @Override
    void close();
  }

  /** Returns how many training batches an epoch of {@code phase} has; epochs count from 0. */
  int stepsPerEpoch(int phase, int epoch);

  /**
   * Returns the training batches of one epoch, in an order of its own.
   *
   * @param from whose steps are left out at the beginning; the others are as they would be
   * @param in the size and batch size
   */
  Pass train(Position from, Stretch in);

  /** Returns the validation batches of {@code phase}, always the same. */
  Pass valid(int phase);

  /** Returns whether {@code phase} validates on pictures that an earlier phase trained on. */
  boolean leaky(int phase);

  /** Returns how long passes have made their reader wait since the last call, in nanoseconds. */
  long takeWaitedNanos();

  @Override
  void close();
}
