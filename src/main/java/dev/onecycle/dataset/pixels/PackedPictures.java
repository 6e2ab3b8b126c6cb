package dev.onecycle.dataset.pixels;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a pack that {@link Packer} wrote, sorted by path; each is read and decoded when
 * it is asked for. Holds a file open until closed.
 */
public final class PackedPictures implements Pictures, Closeable {

  private final FileChannel file;
  private final List<PackedPicture> index;
  private final List<String> labels;
  private final int[] labelOf;

  private PackedPictures(FileChannel file, List<PackedPicture> index) {
    this.file = file;
    this.index = index;
    this.labels = labels(index);
    this.labelOf =
        index.stream()
            .mapToInt(p -> p.label() == null ? -1 : Collections.binarySearch(labels, p.label()))
            .toArray();
  }

  /**
   * Opens a pack.
   *
   * @throws Failure.Unavailable if it is none or cannot be read
   */
  public static PackedPictures open(Path pack) {
    return open(pack, null);
  }

  /**
   * As {@link #open(Path)}, where what is known of each picture was written anew.
   *
   * @param index the file that has it, or null for what the pack says itself
   */
  public static PackedPictures open(Path pack, @Nullable Path index) {
    try {
      return new PackedPictures(
          FileChannel.open(pack),
          index == null ? readIndex(pack) : read(Files.newInputStream(index)));
    } catch (IOException | IllegalArgumentException e) {
      throw new Failure.Unavailable(
          "the pictures in "
              + pack.getFileName()
              + " cannot be read: "
              + (e instanceof IOException io ? Reason.of(io) : e.getMessage()),
          "Import the dataset again.",
          e);
    }
  }

  private static List<PackedPicture> readIndex(Path pack) throws IOException {
    try (ZipFile zip = new ZipFile(pack.toFile())) {
      ZipEntry entry = zip.getEntry(PackWriter.INDEX);
      if (entry == null) {
        throw new IOException("it has no " + PackWriter.INDEX);
      }
      return read(zip.getInputStream(entry));
    }
  }

  private static List<PackedPicture> read(InputStream index) throws IOException {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(index, UTF_8))) {
      return lines.lines().map(PackedPicture::of).toList();
    }
  }

  static List<String> labels(List<PackedPicture> index) {
    return index.stream()
        .map(PackedPicture::label)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  /** The distinct labels, sorted; a label's position is what {@link #label} answers. */
  public List<String> labels() {
    return labels;
  }

  /** What is known of each picture, in the order of this object's indices. */
  public List<PackedPicture> index() {
    return index;
  }

  @Override
  public int size() {
    return index.size();
  }

  @Override
  public int label(int i) {
    return labelOf[i];
  }

  @Override
  public Picture picture(int i) {
    return PictureDecoder.decode(bytes(i), DecodeLimits.NONE);
  }

  /**
   * The encoded bytes of picture {@code i}, as they were imported.
   *
   * @throws Failure.Unavailable if they cannot be read
   */
  public byte[] bytes(int i) {
    PackedPicture picture = index.get(i);
    ByteBuffer bytes = ByteBuffer.allocate(picture.length());
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, picture.offset() + bytes.position()) < 0) {
          throw new IOException("the file ends inside it");
        }
      }
    } catch (IOException e) {
      throw new Failure.Unavailable(
          "picture " + picture.path() + " cannot be read: " + Reason.of(e), null, e);
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
