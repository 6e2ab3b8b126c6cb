package dev.onecycle.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A network's whole state on the host: what a checkpoint keeps and a network is loaded from.
 *
 * @param layout names and shapes of the entries
 * @param values per entry name its numbers, row-major in the entry's shape (convolutions [out, in,
 *     kernel, kernel]), for every entry except the batch counters; not copied
 * @param batchesTracked how many training batches the running statistics have seen; every norm's
 *     counter has this one value
 */
public record StateDict(Layout layout, Map<String, float[]> values, long batchesTracked) {

  /**
   * Checks names and sizes.
   *
   * @throws IllegalArgumentException if an entry is missing, unknown or of the wrong size
   */
  public StateDict {
    values = new LinkedHashMap<>(values);
    int expected = 0;
    for (Layout.Entry entry : layout.entries()) {
      if (entry.kind() == Layout.Kind.BATCHES_TRACKED) {
        continue;
      }
      expected++;
      float[] found = values.get(entry.name());
      if (found == null || found.length != entry.size()) {
        throw new IllegalArgumentException(
            entry.name()
                + (found == null ? " is missing" : " has " + found.length + " numbers")
                + ", expected "
                + entry.size());
      }
    }
    if (values.size() != expected) {
      throw new IllegalArgumentException(
          (values.size() - expected) + " entries do not belong to " + layout.architecture().name());
    }
  }

  /**
   * Returns the numbers of one entry; not copied.
   *
   * @throws NullPointerException if the layout has no such numbers
   */
  float[] numbers(String entry) {
    return Objects.requireNonNull(values.get(entry), entry);
  }
}
