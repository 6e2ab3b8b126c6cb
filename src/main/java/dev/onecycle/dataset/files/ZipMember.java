package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.layout.NameEncoding;
import dev.onecycle.layout.PicturePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder as a zip's central directory lists it (APPNOTE 4.3.12).
 *
 * @param name its bytes as characters (Latin-1)
 * @param said the name in UTF-8 that stands beside it, or null
 * @param host the system whose attributes these are
 * @param crc of its unpacked bytes
 * @param packed bytes that it takes in the zip
 * @param unpacked bytes that it has
 * @param start where its own header begins
 */
record ZipMember(
    String name,
    @Nullable String said,
    int host,
    long attributes,
    int flags,
    int method,
    long crc,
    long packed,
    long unpacked,
    long start) {

  static final int HEADER = 0x02014b50;
  private static final int HEADER_BYTES = 46;

  private static final int HOST_DOS = 0;
  private static final int HOST_UNIX = 3;
  private static final int HOST_NTFS = 10;
  private static final int HOST_DARWIN = 19;

  /** Encrypted, encrypted in another way, or with its header hidden. */
  private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;

  private static final int UTF_8_NAME = 1 << 11;
  private static final int ZIP64 = 1;
  private static final int UNICODE_PATH = 0x7075;
  private static final long IN_ZIP64 = 0xFFFF_FFFFL;

  private static final int KIND = 0170000;
  private static final int KIND_FILE = 0100000;
  private static final int KIND_FOLDER = 0040000;
  private static final int KIND_LINK = 0120000;

  /** Reads the next one; null where the directory goes on with something else, or ends. */
  static @Nullable ZipMember read(FileRange directory) throws IOException {
    if (directory.available() < HEADER_BYTES) {
      return null;
    }
    ByteBuffer header = directory.next(HEADER_BYTES);
    if (header.getInt(0) != HEADER) {
      return null;
    }
    int host = header.get(5) & 255;
    int flags = u16(header, 8);
    byte[] name = directory.next(u16(header, 28)).array();
    ByteBuffer extra = directory.next(u16(header, 30));
    directory.next(u16(header, 32));
    ByteBuffer large = field(extra, ZIP64);
    // In the order in which they stand there, each only where its short field is full.
    long unpacked = size(header, 24, large);
    long packed = size(header, 20, large);
    long start = size(header, 42, large);
    return new ZipMember(
        new String(name, ISO_8859_1),
        said(extra, name),
        host,
        u32(header, 38),
        flags,
        u16(header, 10),
        u32(header, 16),
        packed,
        unpacked,
        start);
  }

  boolean isFolder() {
    return name.endsWith("/") || (isDos() && name.endsWith("\\")) || kind() == KIND_FOLDER;
  }

  boolean isLink() {
    return kind() == KIND_LINK;
  }

  /** Why its bytes cannot be read, as the end of a sentence, or null if they can. */
  @Nullable String problem() {
    if (kind() != 0 && kind() != KIND_FILE) {
      return "is a device, a pipe or another special file";
    }
    if ((flags & ENCRYPTED) != 0) {
      return "is encrypted";
    }
    return Compression.ofZip(method) == null
        ? "is packed by method " + Compression.nameInZip(method) + ", which is not read"
        : null;
  }

  private int kind() {
    boolean unix = host == HOST_UNIX || host == HOST_DARWIN;
    return unix ? (int) (attributes >>> 16) & KIND : 0;
  }

  /** Whether the name's encoding has to be found out. */
  boolean isForeign() {
    return said == null && !NameEncoding.isUtf8(name);
  }

  /** Its path, where {@code names} says how it is encoded. */
  PicturePath path(NameEncoding names) {
    String text = said == null ? names.text(name, (flags & UTF_8_NAME) != 0) : said;
    return text == null ? names.noText(slashed(name)) : PicturePath.of(slashed(text));
  }

  /** Windows' own packers wrote its separators. */
  private String slashed(String text) {
    return isDos() ? text.replace('\\', '/') : text;
  }

  private boolean isDos() {
    return host == HOST_DOS || host == HOST_NTFS;
  }

  /** The name in UTF-8 as Info-ZIP adds it, with a checksum of the name that it is for. */
  private static @Nullable String said(ByteBuffer extra, byte[] name) {
    ByteBuffer field = field(extra, UNICODE_PATH);
    CRC32 crc = new CRC32();
    crc.update(name);
    if (field.remaining() < 6 || field.get(0) != 1 || field.getInt(1) != (int) crc.getValue()) {
      return null;
    }
    byte[] bytes = new byte[field.remaining() - 5];
    field.get(5, bytes);
    return NameEncoding.strict(new String(bytes, ISO_8859_1), UTF_8);
  }

  private static long size(ByteBuffer header, int at, ByteBuffer large) throws IOException {
    long size = u32(header, at);
    if (size < IN_ZIP64) {
      return size;
    }
    if (large.remaining() < Long.BYTES) {
      throw new IOException("a size is missing in its directory");
    }
    return large.getLong();
  }

  /** The content of an extra field; empty if there is none. */
  private static ByteBuffer field(ByteBuffer extra, int kind) {
    int at = 0;
    while (at + 4 <= extra.limit()) {
      int length = Math.min(u16(extra, at + 2), extra.limit() - at - 4);
      if (u16(extra, at) == kind) {
        return extra.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
      }
      at += 4 + length;
    }
    return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int u16(ByteBuffer bytes, int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  private static long u32(ByteBuffer bytes, int at) {
    return Integer.toUnsignedLong(bytes.getInt(at));
  }
}
