package dev.onecycle.dataset;

/**
 * How far an import is.
 *
 * @param bytesTotal of the source; null until it is known
 * @param bytesDone of them
 * @param pictures packed so far
 * @param unreadable pictures left out so far
 */
public record Progress(Long bytesTotal, long bytesDone, int pictures, int unreadable) {

  static Progress none() {
    return new Progress(null, 0, 0, 0);
  }
}
