package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The last member of an uncompressed zip without a comment, found from its end: Java's own reads
 * the names of a million others first.
 */
final class LastMember extends FilterInputStream {

  private static final int LOCAL_BYTES = 30;
  private static final int MEMBER = 0x02014b50;
  private static final int MEMBER_BYTES = 46;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;

  /** The member's entry, the ends of zip64, the end. */
  private static final int TAIL = 1 << 10;

  private long left;

  private LastMember(InputStream from, long length) {
    super(from);
    left = length;
  }

  /**
   * Opens it.
   *
   * @param name what it must be called
   * @throws IOException if the file is no such zip
   */
  static InputStream open(Path zip, String name) throws IOException {
    FileChannel file = FileChannel.open(zip);
    try {
      ByteBuffer tail = read(file, Math.max(0, file.size() - TAIL), TAIL);
      int end = tail.limit() - END_BYTES;
      if (end < 0 || tail.getInt(end) != END) {
        throw new IOException("it has no end");
      }
      int entry = entry(tail, end, name);
      long start = Integer.toUnsignedLong(tail.getInt(entry + 42));
      if (start == 0xFFFF_FFFFL) {
        start = tail.getLong(entry + MEMBER_BYTES + name.length() + 4);
      }
      ByteBuffer local = read(file, start, LOCAL_BYTES);
      long names = (long) local.getShort(26) + local.getShort(28);
      file.position(start + LOCAL_BYTES + names);
      return new LastMember(
          Channels.newInputStream(file), Integer.toUnsignedLong(tail.getInt(entry + 24)));
    } catch (IOException | IndexOutOfBoundsException e) {
      file.close();
      throw e instanceof IOException io ? io : new IOException("its end is damaged", e);
    }
  }

  private static int entry(ByteBuffer tail, int end, String name) throws IOException {
    byte[] wanted = name.getBytes(UTF_8);
    byte[] there = new byte[wanted.length];
    for (int at = end - MEMBER_BYTES - wanted.length; at >= 0; at--) {
      if (tail.getInt(at) == MEMBER) {
        tail.get(at + MEMBER_BYTES, there);
        if (!Arrays.equals(wanted, there)) {
          break;
        }
        return at;
      }
    }
    throw new IOException("it has no " + name);
  }

  private static ByteBuffer read(FileChannel file, long at, int most) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(most).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
      // Until it is full or the file ends.
    }
    return bytes.flip();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  @Override
  public int read(byte[] bytes, int offset, int count) throws IOException {
    if (left == 0) {
      return -1;
    }
    int read = in.read(bytes, offset, (int) Math.min(count, left));
    if (read < 0) {
      throw new IOException("it ends inside its last member");
    }
    left -= read;
    return read;
  }
}
