package dev.onecycle.dataset;

import dev.onecycle.platform.Failure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * What an archive unpacks to, counted as it is read: refuses a bomb while it goes off, and headers
 * that a reader would have to hold in memory.
 */
final class GuardedStream extends FilterInputStream {

  /** What one entry's headers, long names and padding may come to. */
  private static final long MAX_HEADERS = 1 << 20;

  private final ImportLimits limits;
  private final CountedStream packed;
  private long unpacked;
  private long headersEnd = Long.MAX_VALUE;

  GuardedStream(InputStream in, CountedStream packed, ImportLimits limits) {
    super(in);
    this.packed = packed;
    this.limits = limits;
  }

  /** From here on headers are read. */
  void headersBegin() {
    headersEnd = unpacked + MAX_HEADERS;
  }

  /** From here on the bytes of a file are read. */
  void headersDone() {
    headersEnd = Long.MAX_VALUE;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    count(Math.max(0, read));
    return read;
  }

  /** Skips by reading, so that what is skipped counts. */
  @Override
  public long skip(long wanted) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(wanted, 1 << 16)]));
  }

  private void count(int read) {
    unpacked += read;
    if (unpacked > headersEnd) {
      throw new Failure.Invalid(
          "the archive has more than " + MAX_HEADERS + " bytes of headers before a file", null);
    }
    limits.requireUnpacked(unpacked, packed.count());
  }
}
