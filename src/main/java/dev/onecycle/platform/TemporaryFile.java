package dev.onecycle.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A name for a file that is gone once this is closed, whether it was written, moved away or never
 * made.
 */
public record TemporaryFile(Path path) implements AutoCloseable {

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // The directory is cleared at a later start.
    }
  }
}
