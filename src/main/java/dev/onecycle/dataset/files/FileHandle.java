package dev.onecycle.dataset.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A hold on whatever lies at a path at one moment. To take it reads nothing, waits for nobody and
 * follows no link at the path's end.
 *
 * <p>On Linux what it holds stays the same, whatever is put at the path afterwards, so that what is
 * found out about it is true of what is read. Other systems have no such handle in Java's reach:
 * there it is a name that is looked at again for each answer.
 */
sealed interface FileHandle extends Closeable permits HeldFile, NamedFile {

  /**
   * Takes hold of what lies at {@code path}.
   *
   * @throws NoSuchFileException if nothing does
   */
  static FileHandle of(Path path) throws IOException {
    return HeldFile.AVAILABLE ? HeldFile.of(path) : NamedFile.of(path);
  }

  /**
   * Opens the regular file at {@code path}, of which no part may be a link.
   *
   * @throws IOException if there is no such file, or if it may not be read
   */
  static InputStream open(Path path) throws IOException {
    try (FileHandle file = of(path)) {
      return file.open();
    }
  }

  /**
   * Opens it, if it is a regular file and no part of the path that it was found at is a link.
   *
   * @throws IOException if it is anything else, or may not be read
   */
  default InputStream open() throws IOException {
    if (!attributes().isRegularFile()) {
      throw new IOException("it is no regular file any more");
    }
    if (!path().equals(asked())) {
      throw new IOException("it lies behind a link");
    }
    return read();
  }

  /** The path that it was found at. */
  Path asked();

  /** What it is. */
  BasicFileAttributes attributes() throws IOException;

  /** Where it lies now, without links. */
  Path path() throws IOException;

  /** A name for what it holds, as long as it is not closed. */
  Path content();

  /** Its bytes. */
  InputStream read() throws IOException;

  @Override
  void close();
}
