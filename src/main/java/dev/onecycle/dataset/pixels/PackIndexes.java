package dev.onecycle.dataset.pixels;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that were read lately, as long as there is memory for them: a page asks for the pictures
 * of a dataset one by one, and the index of a million takes seconds to read. Safe for any number of
 * threads, of which one reads an index for all.
 */
public final class PackIndexes {

  private static final int MANY = 64;

  private final ConcurrentHashMap<String, Known> known = new ConcurrentHashMap<>();

  private static final class Known {
    private volatile SoftReference<@Nullable PackIndex> index = new SoftReference<>(null);

    private synchronized PackIndex get(Supplier<PackIndex> read) {
      PackIndex found = index.get();
      if (found == null) {
        found = read.get();
        index = new SoftReference<>(found);
      }
      return found;
    }

    /** Whether it was not read yet, or there was no memory for it. */
    private boolean forgotten() {
      return index.refersTo(null);
    }
  }

  /**
   * An index, read where it is not known.
   *
   * @param sha256 of the file that has it
   */
  public PackIndex of(String sha256, Supplier<PackIndex> read) {
    if (known.size() > MANY) {
      known.values().removeIf(Known::forgotten);
    }
    return known.computeIfAbsent(sha256, key -> new Known()).get(read);
  }
}
