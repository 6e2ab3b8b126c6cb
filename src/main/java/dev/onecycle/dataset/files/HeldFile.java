package dev.onecycle.dataset.files;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file held by Linux' O_PATH, and by what Linux shows of a process' handles: Java itself opens
 * files by name only, and waits in that for the other end of a pipe.
 */
record HeldFile(Path asked, int number) implements FileHandle {

  /** Whether this is a Linux whose numbers are known. */
  static final boolean AVAILABLE =
      Platform.isLinux() && Platform.is64Bit() && (Platform.isIntel() || Platform.isARM());

  /** The one of these flags that processors disagree about. */
  private static final int O_NOFOLLOW = Platform.isARM() ? 0x8000 : 0x2_0000;

  private static final int O_CLOEXEC = 0x8_0000;
  private static final int O_PATH = 0x20_0000;

  private static final int NO_ENTRY = 2;
  private static final int NO_FOLDER = 20;

  private interface Libc extends Library {
    Libc GLIBC = Native.load("c", Libc.class);

    int open(byte[] path, int flags) throws LastErrorException;

    int close(int handle) throws LastErrorException;
  }

  static HeldFile of(Path path) throws IOException {
    try {
      int number = Libc.GLIBC.open(bytes(path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
      return new HeldFile(path, number);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == NO_ENTRY || e.getErrorCode() == NO_FOLDER) {
        throw new NoSuchFileException(path.toString());
      }
      throw new IOException("error " + e.getErrorCode() + " of the file system", e);
    }
  }

  @Override
  public BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(content(), BasicFileAttributes.class);
  }

  @Override
  public Path path() throws IOException {
    return Files.readSymbolicLink(content());
  }

  @Override
  public Path content() {
    return Path.of("/proc/self/fd/" + number);
  }

  @Override
  public InputStream read() throws IOException {
    return Files.newInputStream(content());
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
