package dev.onecycle.dataset.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/** A part of a file, read front to back. */
final class FileRange extends InputStream {

  private final FileChannel file;
  private final LongConsumer read;
  private final long end;
  private long at;

  /**
   * The {@code length} bytes from {@code start}.
   *
   * @param read hears how many bytes each read took; may throw to end it
   * @throws EOFException unless the file has them
   */
  FileRange(FileChannel file, long start, long length, LongConsumer read) throws IOException {
    if (start < 0 || length < 0 || start > file.size() - length) {
      throw new EOFException("it ends too early");
    }
    this.file = file;
    this.read = read;
    this.at = start;
    this.end = start + length;
  }

  /** So many bytes from {@code start}, all of them, for numbers with the lowest byte first. */
  static ByteBuffer bytes(FileChannel file, long start, int length, LongConsumer read)
      throws IOException {
    try (FileRange range = new FileRange(file, start, length, read)) {
      return range.next(length);
    }
  }

  /**
   * The next {@code length} bytes.
   *
   * @throws EOFException if there are fewer
   */
  ByteBuffer next(int length) throws IOException {
    byte[] bytes = readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("it ends too early");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int available() {
    return (int) Math.min(Integer.MAX_VALUE, end - at);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int wanted = (int) Math.min(length, end - at);
    int got = wanted == 0 ? -1 : file.read(ByteBuffer.wrap(bytes, offset, wanted), at);
    at += Math.max(0, got);
    read.accept(Math.max(0, got));
    return got;
  }
}
