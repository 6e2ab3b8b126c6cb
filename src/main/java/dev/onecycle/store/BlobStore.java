package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
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

  /**
   * Stores as {@link #put(String, Path)} for a file that hardly anybody will read: no copy stays
   * here.
   */
  default Blob putAway(String key, Path file) {
    return put(key, file);
  }

  /** Returns the bytes of a blob, to be closed by the caller. */
  InputStream get(String key);

  /**
   * Returns a local file with the blob's bytes for random access, to be read only and opened at
   * once: where the store is remote it is a copy, fetched and compared with the checksum, that may
   * be forgotten later. An open file stays readable.
   */
  Path file(Blob blob);

  /** Returns how many bytes the blob has. */
  long size(String key);

  /** Returns how many bytes all blobs have. */
  default long bytes() {
    return list("").stream().mapToLong(this::sizeIfThere).sum();
  }

  /** One may go between the list and the question. */
  private long sizeIfThere(String key) {
    try {
      return size(key);
    } catch (Failure.NotFound e) {
      return 0;
    }
  }

  /** Returns when the blob was put, by the clock of the store. */
  Instant modified(String key);

  /** Returns the keys that start with {@code prefix}, sorted; {@code ""} lists everything. */
  List<String> list(String prefix);

  /** Forgets a blob; nothing happens if there is none. */
  void delete(String key);

  /** Forgets every blob whose key starts with {@code prefix}. */
  default void deleteAll(String prefix) {
    list(prefix).forEach(this::delete);
  }

  /**
   * Reads the whole blob and compares it with what {@code put} answered.
   *
   * @throws Failure.Unavailable naming both checksums where they differ
   */
  default void verify(Blob expected) {
    expected.require(found(expected.key()));
  }

  /** Verifies as {@link #verify}, and returns false where they differ. */
  default boolean intact(Blob expected) {
    return expected.equals(found(expected.key()));
  }

  private Blob found(String key) {
    try (InputStream bytes = get(key)) {
      return Checksum.of(key, bytes);
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "stored file %s cannot be read: %s".formatted(key, Reason.of(e)), null, e);
    }
  }
}
