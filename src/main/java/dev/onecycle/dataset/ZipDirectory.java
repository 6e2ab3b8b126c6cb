package dev.onecycle.dataset;

import dev.onecycle.platform.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Measures a zip's central directory before a reader holds it in memory. What the zip says about
 * its number of entries may be a lie; where the directory starts cannot be, since readers start
 * there, and it cannot reach beyond the end of the file.
 */
final class ZipDirectory {

  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64 = 0x06064b50;
  private static final int END64_BYTES = 56;

  /** Bytes of directory that a file may take: its name of up to 1,000 characters fits. */
  private static final long BYTES_PER_FILE = 256;

  private static final long ALWAYS_FINE = 1 << 20;

  private ZipDirectory() {}

  /** Refuses a directory that is too long for {@code maxFiles} files. */
  static void requireBelow(Path archive, int maxFiles) throws IOException {
    try (FileChannel file = FileChannel.open(archive)) {
      long directory = file.size() - start(file);
      long limit = ALWAYS_FINE + BYTES_PER_FILE * maxFiles;
      if (directory > limit) {
        throw new Failure.Invalid(
            "the zip's directory has %d bytes > maximum %d for %d files"
                .formatted(directory, limit, maxFiles),
            "Import less at once, or raise onecycle.dataset.max-files.");
      }
    }
  }

  private static long start(FileChannel file) throws IOException {
    long tail = Math.max(0, file.size() - END64_LOCATOR_BYTES - END_BYTES - MAX_COMMENT);
    ByteBuffer bytes = read(file, tail, (int) (file.size() - tail));
    for (int i = bytes.limit() - END_BYTES; i >= 0; i--) {
      if (bytes.getInt(i) == END) {
        boolean zip64 =
            i >= END64_LOCATOR_BYTES && bytes.getInt(i - END64_LOCATOR_BYTES) == END64_LOCATOR;
        return zip64
            ? start64(file, bytes.getLong(i - END64_LOCATOR_BYTES + 8))
            : Integer.toUnsignedLong(bytes.getInt(i + 16));
      }
    }
    throw new IOException("it has no end of a zip");
  }

  private static long start64(FileChannel file, long position) throws IOException {
    ByteBuffer end = read(file, position, END64_BYTES);
    if (end.getInt(0) != END64) {
      throw new IOException("its end is not that of a zip64");
    }
    return end.getLong(48);
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    if (position < 0 || position > file.size() - length) {
      throw new EOFException("it ends too early");
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("it ends too early");
      }
    }
    return bytes;
  }
}
