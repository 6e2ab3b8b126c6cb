package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * The pictures of a pack that {@link Packer} wrote, sorted by path; each is read and decoded when
 * it is asked for. Holds a file open until closed.
 */
public final class PackedPictures implements Pictures, Closeable {

  private final FileChannel file;
  private final PackIndex index;

  private PackedPictures(FileChannel file, PackIndex index) {
    this.file = file;
    this.index = index;
  }

  /**
   * Opens a pack.
   *
   * @throws Failure.Unavailable if it is none or cannot be read
   */
  public static PackedPictures open(Path pack) {
    return open(pack, PackIndex.read(pack, null));
  }

  /**
   * Opens a pack of which the index was read.
   *
   * @throws Failure.Unavailable if it cannot be read
   */
  public static PackedPictures open(Path pack, PackIndex index) {
    try {
      return new PackedPictures(FileChannel.open(pack), index);
    } catch (IOException e) {
      throw PackIndex.unreadable(pack, e);
    }
  }

  /** The distinct labels, sorted; a label's position is what {@link #label} answers. */
  public List<String> labels() {
    return index.labels();
  }

  /** What is known of each picture, in the order of this object's indices. */
  public List<PackedPicture> index() {
    return index.pictures();
  }

  @Override
  public int size() {
    return index.pictures().size();
  }

  @Override
  public int label(int i) {
    return index.label(i);
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
    PackedPicture picture = index().get(i);
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
