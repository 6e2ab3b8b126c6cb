package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.onecycle.image.Picture;
import dev.onecycle.layout.PicturePath;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a pack: an uncompressed zip of the encoded pictures under their own paths, tables that may
 * have labels, the pictures' sums, notes, and last an {@code index.tsv} that says where each lies,
 * so that any is one positioned read away. The same pictures in the same order give the same bytes.
 * For one thread.
 */
final class PackWriter implements Closeable {

  static final String INDEX = "index.tsv";
  static final String SUMS = ".sums";
  static final String NOTES = ".notes";

  /** What the names of tables begin with, as no picture's does. */
  static final String TABLES = ".tables/";

  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final FileChannel file;
  private final CountingStream counted;
  private final ZipOutputStream zip;
  private final Set<String> names = new HashSet<>(Set.of(INDEX, SUMS, NOTES));
  private final Map<String, PackedPicture> pictures = new HashMap<>();
  private int renamed;

  PackWriter(Path path) throws IOException {
    file = FileChannel.open(path, READ, WRITE, CREATE, TRUNCATE_EXISTING);
    counted = new CountingStream(new BufferedOutputStream(Channels.newOutputStream(file), 1 << 20));
    zip = new ZipOutputStream(counted, UTF_8);
  }

  /** Adds a picture, of whose path there is none by now. */
  void add(PicturePath path, byte[] bytes, Picture decoded, int colour) throws IOException {
    long offset = store(unused(path.toString()), bytes);
    pictures.put(
        path.toString(),
        new PackedPicture(
            path.toString(),
            null,
            null,
            offset,
            bytes.length,
            decoded.width(),
            decoded.height(),
            sha256(bytes),
            Fingerprint.of(decoded),
            colour));
  }

  /** Adds a table. */
  void addTable(PicturePath path, byte[] bytes) throws IOException {
    store(unused(TABLES + path), bytes);
  }

  /** Forgets a picture, whose bytes stay where they are; answers whether there was one. */
  boolean remove(PicturePath path) {
    return pictures.remove(path.toString()) != null;
  }

  /** The bytes of a picture that was added. */
  Optional<byte[]> bytes(PicturePath path) throws IOException {
    PackedPicture picture = pictures.get(path.toString());
    if (picture == null) {
      return Optional.empty();
    }
    counted.flush();
    ByteBuffer bytes = ByteBuffer.allocate(picture.length());
    while (bytes.hasRemaining()) {
      if (file.read(bytes, picture.offset() + bytes.position()) < 0) {
        throw new EOFException("the pack ends inside " + path);
      }
    }
    return Optional.of(bytes.array());
  }

  /** That name, or one like it: what a picture is called in the zip is read by nobody. */
  private String unused(String name) {
    String unused = name;
    while (!names.add(unused)) {
      unused = name + "~" + ++renamed;
    }
    return unused;
  }

  /** How many pictures there are. */
  int size() {
    return pictures.size();
  }

  /** The pictures, sorted by path, each without label and part. */
  List<PackedPicture> pictures() {
    return pictures.values().stream().sorted(Comparator.comparing(PackedPicture::path)).toList();
  }

  /**
   * Writes the end of the file.
   *
   * @param index the pictures in the order of {@link #pictures}
   * @param sums of each, as {@link ChannelSums#write} has them
   * @param notes what is to be told of the files, whatever the rule for labels is; lines
   */
  void finish(List<PackedPicture> index, byte[] sums, List<String> notes) throws IOException {
    store(SUMS, sums);
    store(NOTES, String.join("\n", notes).getBytes(UTF_8));
    store(INDEX, lines(index).getBytes(UTF_8));
    zip.finish();
  }

  /** What an index's file has. */
  static String lines(List<PackedPicture> index) {
    return index.stream().map(PackedPicture::line).collect(Collectors.joining("\n", "", "\n"));
  }

  private long store(String name, byte[] bytes) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(FIXED_TIME);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    long offset = counted.count;
    zip.write(bytes);
    zip.closeEntry();
    return offset;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256. This is a bug.", e);
    }
  }

  /** Closes the file; without {@link #finish} it is no pack. */
  @Override
  public void close() throws IOException {
    try {
      zip.close();
    } finally {
      counted.close();
    }
  }

  private static final class CountingStream extends FilterOutputStream {
    private long count;

    private CountingStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
