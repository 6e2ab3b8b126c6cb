package dev.onecycle.dataset.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;

/** The bytes of an archive before they are unpacked, counted. */
final class PackedStream extends FilterInputStream {

  /** More than any decoder needs to answer a byte; what it reads beyond, it may be keeping. */
  private static final long MAX_WITHOUT_ANSWER = 16 << 20;

  private final LongConsumer read;
  private long count;
  private long answered;

  /**
   * @param read hears how many bytes each read took; may throw to end it
   */
  PackedStream(InputStream in, LongConsumer read) {
    super(in);
    this.read = read;
  }

  /** Bytes read so far. */
  long count() {
    return count;
  }

  /** Notes that the decoder has answered something for what it read. */
  void answered() {
    answered = count;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int got = in.read(bytes, offset, length);
    count += Math.max(0, got);
    read.accept(Math.max(0, got));
    if (count - answered > MAX_WITHOUT_ANSWER) {
      throw new IOException("%d bytes unpack to nothing".formatted(count - answered));
    }
    return got;
  }

  /** Skips by reading, so that what is skipped counts. */
  @Override
  public long skip(long wanted) throws IOException {
    return Math.max(0, read(new byte[(int) Math.min(wanted, 1 << 16)]));
  }

  /** Not by going back, which would count twice. */
  @Override
  public boolean markSupported() {
    return false;
  }
}
