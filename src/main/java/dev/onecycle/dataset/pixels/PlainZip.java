package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Writes a zip without compression (APPNOTE 4.3), and remembers nothing of its members: the
 * directory of a million of them grows in a file beside it. Java's own keeps each of them in
 * memory. For one thread.
 */
final class PlainZip implements Closeable {

  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int CHECKSUM_AT = 14;
  private static final int MEMBER = 0x02014b50;
  private static final int MEMBER_BYTES = 46;
  private static final int END64 = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int END64_LOCATOR = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;

  private static final short NEEDED = 10;
  private static final short NEEDED64 = 45;
  private static final short NAMES_ARE_UTF8 = 1 << 11;
  private static final int FIRST_OF_2000 = (2000 - 1980) << 25 | 1 << 21 | 1 << 16;
  private static final long MOST_32 = 0xFFFF_FFFFL;
  private static final int MOST_16 = 0xFFFF;

  private final AppendedFile file;
  private final AppendedFile directory;
  private long members;

  /** Starts a zip at {@code path}, replacing what is there. */
  PlainZip(Path path) throws IOException {
    file = AppendedFile.at(path);
    try {
      Path beside = path.resolveSibling(path.getFileName() + ".directory");
      directory = AppendedFile.at(beside, DELETE_ON_CLOSE);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What writes a member. */
  @FunctionalInterface
  interface Body {
    void to(OutputStream out) throws IOException;
  }

  /**
   * Adds a member; returns where its bytes lie.
   *
   * @param name no other member's
   */
  long add(String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    long start = begin(name, (int) crc.getValue(), bytes.length);
    file.write(bytes);
    list(name, start, (int) crc.getValue(), bytes.length);
    return start + LOCAL_BYTES + name.getBytes(UTF_8).length;
  }

  /** Adds a member whose length, below 4 GB, shows only when it was written. */
  void add(String name, Body body) throws IOException {
    long start = begin(name, 0, 0);
    Checked checked = new Checked();
    body.to(checked);
    if (checked.length > MOST_32) {
      throw new IOException(name + " has " + checked.length + " bytes > maximum " + MOST_32);
    }
    ByteBuffer known = littleEndian(new byte[12]);
    put(known, (int) checked.crc.getValue(), checked.length);
    file.replace(start + CHECKSUM_AT, known.flip());
    list(name, start, (int) checked.crc.getValue(), checked.length);
  }

  private long begin(String name, int crc, long length) throws IOException {
    byte[] bytes = name.getBytes(UTF_8);
    byte[] header = new byte[LOCAL_BYTES + bytes.length];
    ByteBuffer local = littleEndian(header);
    local.putInt(LOCAL).putShort(NEEDED).putShort(NAMES_ARE_UTF8).putShort((short) 0);
    local.putInt(FIRST_OF_2000);
    put(local, crc, length);
    local.putShort((short) bytes.length).putShort((short) 0).put(bytes);
    long start = file.length();
    file.write(header);
    return start;
  }

  private static void put(ByteBuffer to, int crc, long length) {
    to.putInt(crc).putInt((int) length).putInt((int) length);
  }

  private void list(String name, long start, int crc, long length) throws IOException {
    byte[] bytes = name.getBytes(UTF_8);
    boolean far = start >= MOST_32;
    byte[] entry = new byte[MEMBER_BYTES + bytes.length + (far ? 12 : 0)];
    ByteBuffer member = littleEndian(entry);
    short needed = far ? NEEDED64 : NEEDED;
    member.putInt(MEMBER).putShort(needed).putShort(needed).putShort(NAMES_ARE_UTF8);
    member.putShort((short) 0).putInt(FIRST_OF_2000);
    put(member, crc, length);
    member.putShort((short) bytes.length).putShort((short) (far ? 12 : 0));
    member.position(MEMBER_BYTES - 4).putInt((int) Math.min(start, MOST_32)).put(bytes);
    if (far) {
      member.putShort((short) 1).putShort((short) 8).putLong(start);
    }
    directory.write(entry);
    members++;
  }

  /** Leaves a hole that is no member's. */
  void skip(long bytes) throws IOException {
    file.skip(bytes);
  }

  /** The bytes that lie at {@code offset}, of those that were added. */
  byte[] read(long offset, int length) throws IOException {
    return file.read(offset, length);
  }

  /** Writes the directory; nothing can be added afterwards. */
  void finish() throws IOException {
    long start = file.length();
    directory.copyTo(file);
    long length = file.length() - start;
    if (members >= MOST_16 || start >= MOST_32 || length >= MOST_32) {
      byte[] ends = new byte[END64_BYTES + END64_LOCATOR_BYTES];
      ByteBuffer end = littleEndian(ends);
      end.putInt(END64).putLong(END64_BYTES - 12).putShort(NEEDED64).putShort(NEEDED64);
      end.putInt(0).putInt(0).putLong(members).putLong(members).putLong(length).putLong(start);
      end.putInt(END64_LOCATOR).putInt(0).putLong(start + length).putInt(1);
      file.write(ends);
    }
    short count = (short) Math.min(members, MOST_16);
    byte[] last = new byte[END_BYTES];
    ByteBuffer end = littleEndian(last);
    end.putInt(END).putInt(0).putShort(count).putShort(count);
    end.putInt((int) Math.min(length, MOST_32)).putInt((int) Math.min(start, MOST_32));
    file.write(last);
    file.flush();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Closes the file; without {@link #finish} it is no zip. */
  @Override
  public void close() throws IOException {
    try {
      directory.close();
    } finally {
      file.close();
    }
  }

  /** Sums up what goes by. */
  private final class Checked extends OutputStream {
    private final CRC32 crc = new CRC32();
    private long length;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
      crc.update(bytes, offset, count);
      length += count;
      file.write(bytes, offset, count);
    }
  }
}
