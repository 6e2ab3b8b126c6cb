package dev.onecycle.training;

import dev.onecycle.platform.Seed;

/** A purpose of random draws in a run, each with its own child of the run's seed. */
enum RandomStream {
  INITIAL_WEIGHTS(0),
  ORDER(1),
  VIEWS(2),
  BLENDING(3),
  SPLIT(4),
  TEST_TIME_VIEWS(5),
  FLIPS(6);

  private final long number;

  RandomStream(long number) {
    this.number = number;
  }

  Seed of(long runSeed) {
    return new Seed(runSeed).child(number);
  }
}
