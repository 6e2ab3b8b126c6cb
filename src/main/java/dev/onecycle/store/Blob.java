package dev.onecycle.store;

import dev.onecycle.platform.Failure;

/**
 * The key, size and checksum of bytes in a store.
 *
 * @param key where they lie
 * @param size in bytes
 * @param sha256 64 lower-case hexadecimal digits
 */
public record Blob(String key, long size, String sha256) {

  /**
   * Compares with what was found.
   *
   * @throws Failure.Unavailable naming both checksums unless {@code found} is the same
   */
  void require(Blob found) {
    if (!found.equals(this)) {
      throw new Failure.Unavailable(
          "stored file %s is damaged: %d bytes with SHA-256 %s, expected %d bytes with %s"
              .formatted(key, found.size, found.sha256, size, sha256),
          "Restore it from a backup or create it again.",
          null);
    }
  }
}
