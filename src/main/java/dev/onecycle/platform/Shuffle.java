package dev.onecycle.platform;

import java.util.random.RandomGenerator;

/** The shuffle of Fisher and Yates, which makes every order equally likely. */
public final class Shuffle {

  private Shuffle() {}

  /** Draws a permutation of 0 to {@code size} - 1, with one draw for each. */
  public static int[] of(int size, RandomGenerator random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
