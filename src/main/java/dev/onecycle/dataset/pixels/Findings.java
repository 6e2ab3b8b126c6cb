package dev.onecycle.dataset.pixels;

import dev.onecycle.dataset.pixels.Audit.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A list of which all are counted and the first are kept: so many that people look at them, and so
 * little text that an audit can be stored and sent whatever it found.
 */
final class Findings<T> {

  private static final int MAX_ITEMS = 200;

  /** More than any single finding has. */
  private static final int MAX_BYTES = 128 << 10;

  private final List<T> items = new ArrayList<>();
  private int count;
  private long bytes;

  void add(T found) {
    add(() -> found);
  }

  /** Adds one that is made only where it is kept. */
  void add(Supplier<T> found) {
    count++;
    if (items.size() < MAX_ITEMS && bytes <= MAX_BYTES) {
      T one = found.get();
      bytes += bytes(one.toString());
      if (bytes <= MAX_BYTES) {
        items.add(one);
      }
    }
  }

  /** How many were found. */
  int count() {
    return count;
  }

  /** Those that are kept. */
  Stream<T> first() {
    return items.stream();
  }

  Listing<T> listing() {
    return new Listing<>(count, List.copyOf(items));
  }

  /** What a text takes as JSON in UTF-8, or a little more. */
  private static long bytes(String text) {
    return text.chars()
        .mapToLong(c -> c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3)
        .sum();
  }
}
