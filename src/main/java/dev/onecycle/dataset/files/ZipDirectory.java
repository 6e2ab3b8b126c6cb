package dev.onecycle.dataset.files;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/**
 * Where a zip's central directory lies, found from the end of the file (APPNOTE 4.3.14 to 4.3.16).
 *
 * @param start of its first member
 * @param length in bytes
 * @param members how many it says that it has, at least in the lower 16 bits
 */
record ZipDirectory(long start, long length, long members) {

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

  /**
   * Finds it.
   *
   * @throws IOException if there is none
   */
  static ZipDirectory find(FileChannel file, LongConsumer read) throws IOException {
    long size = file.size();
    int tail = (int) Math.min(size, END64_LOCATOR_BYTES + END_BYTES + MAX_COMMENT);
    ByteBuffer bytes = FileRange.bytes(file, size - tail, tail, read);
    for (int i = tail - END_BYTES; i >= 0; i--) {
      if (bytes.getInt(i) == END) {
        int locator = i - END64_LOCATOR_BYTES;
        return locator >= 0 && bytes.getInt(locator) == END64_LOCATOR
            ? find64(file, bytes.getLong(locator + 8), read)
            : new ZipDirectory(u32(bytes, i + 16), u32(bytes, i + 12), bytes.getShort(i + 10));
      }
    }
    throw new IOException("it has no end of a zip");
  }

  private static ZipDirectory find64(FileChannel file, long start, LongConsumer read)
      throws IOException {
    ByteBuffer end = FileRange.bytes(file, start, END64_BYTES, read);
    if (end.getInt(0) != END64) {
      throw new IOException("its end is not that of a zip64");
    }
    return new ZipDirectory(end.getLong(48), end.getLong(40), end.getLong(32));
  }

  /** Refuses a directory that is too long for {@code maxFiles} files. */
  void requireBelow(int maxFiles) {
    long limit = ALWAYS_FINE + BYTES_PER_FILE * maxFiles;
    if (length > limit) {
      throw new Failure.Invalid(
          "the zip's directory has %d bytes > maximum %d for %d files"
              .formatted(length, limit, maxFiles),
          "Import less at once, or raise onecycle.dataset.max-files.");
    }
  }

  /** Refuses a directory in which another number of members was found than it says. */
  ZipDirectory requireMembers(long found) throws IOException {
    // Writers that know no zip64 count on from zero.
    if ((found & 0xFFFF) != (members & 0xFFFF)) {
      throw new IOException(
          "its directory lists %d files and says %d".formatted(found, members & 0xFFFF));
    }
    return this;
  }

  private static long u32(ByteBuffer bytes, int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }
}
