package dev.onecycle.dataset;

import org.jspecify.annotations.Nullable;

/**
 * How far an import is.
 *
 * @param bytesTotal of the source; null until it is known
 * @param bytesDone of them
 * @param pictures packed so far
 * @param unreadable pictures left out so far
 */
public record Progress(@Nullable Long bytesTotal, long bytesDone, int pictures, int unreadable) {

  static Progress none() {
    return new Progress(null, 0, 0, 0);
  }
}
