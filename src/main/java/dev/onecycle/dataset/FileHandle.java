package dev.onecycle.dataset;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A hold on whatever lies at a path at one moment. To take it reads nothing, waits for nobody and
 * follows no link at the path's end; what it holds stays the same, whatever is put at the path
 * afterwards. So what is found out about it is true of what is read.
 *
 * <p>Java opens files by name only, and waits in that for the other end of a pipe: hence Linux'
 * O_PATH, and what it shows of a process' handles.
 */
final class FileHandle implements Closeable {

  private static final int O_NOFOLLOW = 0x2_0000;
  private static final int O_CLOEXEC = 0x8_0000;
  private static final int O_PATH = 0x20_0000;

  private static final int NO_ENTRY = 2;
  private static final int NO_FOLDER = 20;

  private final int number;

  private FileHandle(int number) {
    this.number = number;
  }

  private interface Libc extends Library {
    Libc GLIBC = Native.load("c", Libc.class);

    int open(byte[] path, int flags) throws LastErrorException;

    int close(int handle) throws LastErrorException;
  }

  /**
   * Takes hold of what lies at {@code path}.
   *
   * @throws NoSuchFileException if nothing does
   */
  static FileHandle of(Path path) throws IOException {
    try {
      return new FileHandle(Libc.GLIBC.open(bytes(path), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    } catch (LastErrorException e) {
      if (e.getErrorCode() == NO_ENTRY || e.getErrorCode() == NO_FOLDER) {
        throw new NoSuchFileException(path.toString());
      }
      throw new IOException("error " + e.getErrorCode() + " of the file system", e);
    }
  }

  /**
   * Opens the regular file at {@code path}, of which no part may be a link.
   *
   * @throws IOException if there is no such file, or if it may not be read
   */
  static InputStream open(Path path) throws IOException {
    try (FileHandle file = of(path)) {
      if (!file.attributes().isRegularFile()) {
        throw new IOException("it is no regular file any more");
      }
      if (!file.path().equals(path)) {
        throw new IOException("it lies behind a link");
      }
      return Files.newInputStream(file.content());
    }
  }

  /** What it is. */
  BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(content(), BasicFileAttributes.class);
  }

  /** Where it lies now, without links. */
  Path path() throws IOException {
    return Files.readSymbolicLink(content());
  }

  /** A name for what it holds, as long as it is not closed. */
  Path content() {
    return Path.of("/proc/self/fd/" + number);
  }

  /** The path as the file system has it, also where this process' locale could not write it. */
  private static byte[] bytes(Path path) {
    String escaped = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      bytes.write(c == '%' ? Integer.parseInt(escaped, i + 1, i + 3, 16) : c);
      i += c == '%' ? 2 : 0;
    }
    bytes.write(0);
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    Libc.GLIBC.close(number);
  }
}
