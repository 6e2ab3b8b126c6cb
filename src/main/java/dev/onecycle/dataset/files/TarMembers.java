package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.onecycle.platform.Failure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a tar, one after the other, each with what the members before it say about it:
 * long names in GNU's way, and names and sizes in POSIX' (pax). A member is read as a stream before
 * the next is asked for; what is left of it is skipped.
 */
final class TarMembers extends InputStream {

  /** What may stand before one file: long names and records about it. */
  private static final int MAX_HEADERS = 1 << 20;

  private final InputStream tar;
  private final byte[] block = new byte[TarHeader.BYTES];
  private long left;
  private int padding;
  private int headers;

  TarMembers(InputStream tar) {
    this.tar = tar;
  }

  /**
   * A member.
   *
   * @param name its bytes as characters (Latin-1), as those of {@code link}
   * @param sparse whether its bytes are those between holes
   */
  record Member(String name, TarHeader header, String link, boolean sparse) {

    boolean isFolder() {
      return header.isFolder() || (header.isFile() && name.endsWith("/"));
    }
  }

  /** The next one, or null at the end. */
  @Nullable Member next() throws IOException {
    skip();
    headers = 0;
    Map<String, String> said = new HashMap<>();
    TarHeader header;
    while ((header = header()) != null) {
      switch (header.type()) {
        case TarHeader.GNU_LONG_NAME -> said.put("path", text());
        case TarHeader.GNU_LONG_LINK -> said.put("linkpath", text());
        case TarHeader.PAX, TarHeader.PAX_OF_SOLARIS -> said.putAll(records(content()));
        case TarHeader.PAX_GLOBAL, TarHeader.GNU_VOLUME -> content();
        default -> {
          return member(header, said);
        }
      }
    }
    return null;
  }

  private Member member(TarHeader header, Map<String, String> said) throws IOException {
    boolean more = header.extended();
    while (more) {
      // Where the pieces of a sparse file lie; the last byte but seven says whether more follows.
      more = block() && block[504] != 0;
    }
    boolean sparse = header.type() == TarHeader.GNU_SPARSE;
    for (String key : said.keySet()) {
      sparse |= key.startsWith("GNU.sparse.");
    }
    if (said.containsKey("size") && !header.isLink()) {
      begin(size(said.get("size")));
    }
    String name = said.getOrDefault("path", header.name());
    return new Member(
        said.getOrDefault("GNU.sparse.name", name),
        header,
        said.getOrDefault("linkpath", header.link()),
        sparse);
  }

  private static long size(String size) throws IOException {
    if (!size.matches("[0-9]{1,18}")) {
      throw new IOException("a record has a size that is none");
    }
    return Long.parseLong(size);
  }

  /** The next header, with the bytes after it to be read; null at the end. */
  private @Nullable TarHeader header() throws IOException {
    if (!block() || isZero(block)) {
      return null;
    }
    TarHeader header = TarHeader.of(block);
    begin(header.size());
    return header;
  }

  private void begin(long size) {
    left = size;
    padding = (int) (-size & (TarHeader.BYTES - 1));
  }

  /** Reads the next block of headers; false at the end of the file. */
  private boolean block() throws IOException {
    count(TarHeader.BYTES);
    int read = tar.readNBytes(block, 0, TarHeader.BYTES);
    if (read > 0 && read < TarHeader.BYTES) {
      throw new EOFException("it ends inside a header");
    }
    return read > 0;
  }

  private void count(long bytes) {
    if (bytes > MAX_HEADERS - headers) {
      throw new Failure.Invalid(
          "the archive has more than " + MAX_HEADERS + " bytes of headers before a file", null);
    }
    headers += (int) bytes;
  }

  /** All bytes of a member that is about another one. */
  private byte[] content() throws IOException {
    count(left);
    byte[] content = readNBytes((int) left);
    skip();
    return content;
  }

  private String text() throws IOException {
    String text = new String(content(), ISO_8859_1);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** Records of the form {@code 27 path=train/a/1.jpg}, each with its own length before it. */
  private static Map<String, String> records(byte[] content) throws IOException {
    Map<String, String> records = new HashMap<>();
    int at = 0;
    while (at < content.length && content[at] != 0) {
      int space = at;
      while (space < content.length && content[space] >= '0' && content[space] <= '9') {
        space++;
      }
      String digits = new String(content, at, space - at, US_ASCII);
      int length = digits.matches("[0-9]{1,7}") ? Integer.parseInt(digits) : 0;
      String record =
          length > space - at + 1 && length <= content.length - at
              ? new String(content, space + 1, at + length - space - 2, ISO_8859_1)
              : "";
      int equals = record.indexOf('=');
      if (equals < 0 || content[space] != ' ' || content[at + length - 1] != '\n') {
        throw new IOException("a record about a file makes no sense");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
    records.values().removeIf(String::isEmpty);
    return records;
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private void skip() throws IOException {
    transferTo(OutputStream.nullOutputStream());
    left = padding;
    padding = 0;
    transferTo(OutputStream.nullOutputStream());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  /** Bytes of the member that {@link #next} answered last. */
  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int read = tar.read(bytes, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw new EOFException("it ends inside a file");
    }
    left -= read;
    return read;
  }
}
