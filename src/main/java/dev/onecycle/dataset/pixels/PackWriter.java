package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.image.Picture;
import dev.onecycle.layout.PicturePath;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;

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

  /** What the names of pictures begin with that replace others of the same path. */
  private static final String AGAIN = ".again/";

  private final PlainZip zip;
  private final TreeMap<String, Measured> pictures = new TreeMap<>();
  private final Set<String> replaced = new HashSet<>();
  private int renamed;

  /** A picture and what its pixels sum up to. */
  record Measured(PackedPicture picture, ChannelSums sums) {}

  PackWriter(Path path) throws IOException {
    zip = new PlainZip(path);
  }

  /** Adds a picture, of whose path there is none by now. */
  void add(PicturePath path, byte[] bytes, Picture decoded) throws IOException {
    String name = path.toString();
    long offset = zip.add(replaced.contains(name) ? AGAIN + ++renamed + "/" + name : name, bytes);
    ChannelSums sums = ChannelSums.of(decoded);
    PackedPicture picture =
        new PackedPicture(
            name,
            null,
            null,
            offset,
            bytes.length,
            decoded.width(),
            decoded.height(),
            Sha256.of(bytes),
            Fingerprint.of(decoded),
            sums.meanColour());
    pictures.put(name, new Measured(picture, sums));
  }

  /** Forgets a picture, whose bytes stay where they are; answers whether there was one. */
  boolean remove(PicturePath path) {
    Measured removed = pictures.remove(path.toString());
    if (removed != null) {
      replaced.add(removed.picture.path());
    }
    return removed != null;
  }

  /** The bytes of a picture that was added. */
  Optional<byte[]> bytes(PicturePath path) throws IOException {
    Measured found = pictures.get(path.toString());
    return found == null
        ? Optional.empty()
        : Optional.of(zip.read(found.picture.offset(), found.picture.length()));
  }

  /** How many pictures there are. */
  int size() {
    return pictures.size();
  }

  /** Whether there is a picture whose path begins so. */
  boolean hasBelow(String folder) {
    String next = pictures.ceilingKey(folder);
    return next != null && next.startsWith(folder);
  }

  /** The pictures, sorted by path, each without label and part. */
  List<Measured> pictures() {
    return List.copyOf(pictures.values());
  }

  /**
   * Writes the end of the file.
   *
   * @param index the pictures in the order of {@link #pictures}
   * @param sums of each
   * @param tables by their paths
   * @param notes what is to be told of the files, whatever the rule for labels is; lines
   */
  void finish(
      List<PackedPicture> index,
      IntFunction<ChannelSums> sums,
      Map<String, byte[]> tables,
      List<String> notes)
      throws IOException {
    for (Map.Entry<String, byte[]> table : new TreeMap<>(tables).entrySet()) {
      zip.add(TABLES + table.getKey(), table.getValue());
    }
    zip.add(SUMS, out -> writeSums(index.size(), sums, out));
    zip.add(NOTES, String.join("\n", notes).getBytes(UTF_8));
    zip.add(INDEX, out -> writeLines(index, out));
    zip.finish();
  }

  private static void writeSums(int count, IntFunction<ChannelSums> sums, OutputStream out)
      throws IOException {
    OutputStream buffered = new BufferedOutputStream(out, 1 << 16);
    ByteBuffer one = ByteBuffer.allocate(ChannelSums.BYTES);
    for (int i = 0; i < count; i++) {
      sums.apply(i).write(one.clear());
      buffered.write(one.array());
    }
    buffered.flush();
  }

  /** Writes what an index's file has; does not close it. */
  static void writeLines(List<PackedPicture> index, OutputStream out) throws IOException {
    Writer lines = new BufferedWriter(new OutputStreamWriter(out, UTF_8), 1 << 16);
    for (PackedPicture picture : index) {
      lines.write(picture.line());
      lines.write('\n');
    }
    lines.flush();
  }

  /** Closes the file; without {@link #finish} it is no pack. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
