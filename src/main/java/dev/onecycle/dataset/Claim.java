package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.SplitSpec;
import java.util.UUID;

/**
 * The right to import a dataset.
 *
 * @param attempt the fencing token: who holds an older one has lost the right
 * @param uploadFile name of the uploaded file, or null
 */
record Claim(UUID dataset, int attempt, Source source, String uploadFile, SplitSpec split) {

  /** The prefix of everything that belongs to the dataset in the store. */
  static String prefix(UUID dataset) {
    return "datasets/" + dataset + "/";
  }

  /** Where this attempt's pack goes; no two attempts share a key. */
  String key() {
    return prefix(dataset) + attempt + "/pictures.zip";
  }

  @Override
  public String toString() {
    return "dataset " + dataset + ", attempt " + attempt;
  }
}
