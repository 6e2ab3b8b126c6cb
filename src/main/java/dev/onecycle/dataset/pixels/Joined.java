package dev.onecycle.dataset.pixels;

import java.util.stream.IntStream;

/** Numbers that are joined into sets, each on its own at first. */
final class Joined {

  private final int[] parent;

  /** Takes the numbers from 0 to {@code count}, without it. */
  Joined(int count) {
    parent = IntStream.range(0, count).toArray();
  }

  /** Makes one of the sets of both. */
  void join(int i, int j) {
    parent[root(i)] = root(j);
  }

  /** Returns one of a number's set, for all of the set the same one until it is joined again. */
  int root(int i) {
    int at = i;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
}
