package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Bytes by key. A key is a path of one to sixteen segments, such as {@code
 * runs/0197.../2/best.safetensors}; a segment is made of letters, digits, {@code . _ -} and starts
 * with a letter or a digit. Any other key is a programming error: IllegalArgumentException.
 *
 * <p>A blob appears whole or not at all, and it is durable when {@code put} returns. Putting to a
 * key again replaces its blob. Safe for any number of threads and processes.
 *
 * <p>Every method throws {@link Failure.Unavailable} where the store cannot be read or written or
 * has no room left, and those that read throw {@link Failure.NotFound} for an unknown key.
 */
public interface BlobStore {

  /** Stores everything that {@code bytes} yields; the caller closes it. */
  Blob put(String key, InputStream bytes);

  /** Stores a file and takes it over: it is gone from its old place afterwards. */
  Blob put(String key, Path file);

  /** The bytes of a blob, to be closed by the caller. */
  InputStream get(String key);

  /**
   * A local file with the blob's bytes for random access, to be read only. It stays readable as
   * long as the blob is in the store.
   */
  Path file(String key);

  /** How many bytes the blob has. */
  long size(String key);

  /** When the blob was put, by the clock of the store. */
  Instant modified(String key);

  /** The keys that start with {@code prefix}, sorted; {@code ""} lists everything. */
  List<String> list(String prefix);

  /** Forgets a blob; nothing happens if there is none. */
  void delete(String key);

  /** Forgets every blob whose key starts with {@code prefix}. */
  default void deleteAll(String prefix) {
    list(prefix).forEach(this::delete);
  }

  /**
   * Reads the whole blob and compares it with what {@code put} answered. Throws {@link
   * Failure.Unavailable} naming both checksums where they differ.
   */
  default void verify(Blob expected) {
    try (InputStream bytes = get(expected.key())) {
      Blob found = Checksum.of(expected.key(), bytes);
      if (!found.equals(expected)) {
        throw new Failure.Unavailable(
            "stored file %s is damaged: %d bytes with SHA-256 %s, expected %d bytes with %s"
                .formatted(
                    expected.key(),
                    found.size(),
                    found.sha256(),
                    expected.size(),
                    expected.sha256()),
            "Restore it from a backup or create it again.",
            null);
      }
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "stored file %s cannot be read: %s".formatted(expected.key(), e.getMessage()), null, e);
    }
  }
}
