package dev.onecycle.platform;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * The origin of randomness: a number with children, so that every draw is a function of its place
 * (seed, epoch, picture) and not of what was drawn before. The same place draws the same numbers in
 * any thread, in any order, after any restart.
 *
 * @param value any number
 */
public record Seed(long value) {

  /** Returns the seed of one place below this one, such as an epoch or a picture's index. */
  public Seed child(long place) {
    return new Seed(mix(value + 0x9E3779B97F4A7C15L * (2 * place + 1)));
  }

  /** Returns a fresh generator that starts at this seed. Not for several threads. */
  public RandomGenerator generator() {
    return new SplittableRandom(value);
  }

  /** Returns the finalizer of SplitMix64 (Steele, Lea, Flood: "Fast Splittable PRNGs", 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
