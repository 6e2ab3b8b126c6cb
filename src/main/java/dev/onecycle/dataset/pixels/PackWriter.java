package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.image.Picture;
import dev.onecycle.platform.Failure;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a pack: an uncompressed zip of the encoded pictures under their own paths, last an {@code
 * index.tsv} that says where each lies, so that any is one positioned read away. The same pictures
 * in the same order give the same bytes. For one thread.
 */
final class PackWriter implements Closeable {

  static final String INDEX = "index.tsv";
  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final CountingStream counted;
  private final ZipOutputStream zip;
  private final Set<String> paths = new HashSet<>(Set.of(INDEX));
  private final List<PackedPicture> pictures = new ArrayList<>();

  PackWriter(Path file) throws IOException {
    counted = new CountingStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 20));
    zip = new ZipOutputStream(counted, UTF_8);
  }

  /** Adds a picture; throws {@link Failure.Invalid} if its path was added before. */
  void add(PicturePath path, byte[] bytes, Picture decoded, int colour) throws IOException {
    if (!paths.add(path.toString())) {
      throw new Failure.Invalid(
          "'%s' is there twice".formatted(path), "Give every picture a name of its own.");
    }
    String label = path.label();
    long offset = store(path.toString(), bytes);
    pictures.add(
        new PackedPicture(
            path.toString(),
            label,
            path.part(),
            offset,
            bytes.length,
            decoded.width(),
            decoded.height(),
            sha256(bytes),
            Fingerprint.of(decoded),
            colour));
  }

  /** How many pictures were added. */
  int size() {
    return pictures.size();
  }

  /** Writes the index and the end of the file; answers the index, sorted by path. */
  List<PackedPicture> finish() throws IOException {
    pictures.sort(Comparator.comparing(PackedPicture::path));
    String index =
        pictures.stream().map(PackedPicture::line).collect(Collectors.joining("\n", "", "\n"));
    store(INDEX, index.getBytes(UTF_8));
    zip.finish();
    return List.copyOf(pictures);
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
