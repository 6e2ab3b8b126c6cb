package dev.onecycle.dataset.pixels;

import java.util.ArrayList;
import java.util.List;

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

  static <T> Audit.Listing<T> listing(Iterable<T> all) {
    Findings<T> findings = new Findings<>();
    all.forEach(findings::add);
    return findings.listing();
  }

  void add(T found) {
    count++;
    if (wantsMore()) {
      bytes += bytes(found.toString());
      if (bytes <= MAX_BYTES) {
        items.add(found);
      }
    }
  }

  /** Whether the next one could be kept. */
  boolean wantsMore() {
    return items.size() < MAX_ITEMS && bytes <= MAX_BYTES;
  }

  /** Counts one that is not kept. */
  void addUnseen() {
    count++;
  }

  /** How many were found. */
  int count() {
    return count;
  }

  Audit.Listing<T> listing() {
    return new Audit.Listing<>(count, List.copyOf(items));
  }

  /** What a text takes as JSON in UTF-8, or a little more. */
  private static long bytes(String text) {
    return text.chars()
        .mapToLong(c -> c < ' ' ? 6 : c == '"' || c == '\\' ? 2 : c < 0x80 ? 1 : 3)
        .sum();
  }
}
