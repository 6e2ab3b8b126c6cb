package dev.onecycle.dataset.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What an archive unpacks to, counted as it is read: refuses a bomb while it goes off. */
final class GuardedStream extends FilterInputStream {

  private final ImportLimits limits;
  private final PackedStream packed;
  private long unpacked;

  GuardedStream(InputStream in, PackedStream packed, ImportLimits limits) {
    super(in);
    this.packed = packed;
    this.limits = limits;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      packed.answered();
      unpacked += read;
      limits.requireUnpacked(unpacked, packed.count());
    }
    return read;
  }

  /** Skips by reading, so that what is skipped counts. */
  @Override
  public long skip(long wanted) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(wanted, 1 << 16)]));
  }
}
