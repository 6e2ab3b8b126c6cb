package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of a pack at an item size, decoded and resized once: each is one positioned read of
 * its pixels away. One whose record is damaged or cannot be read is made from the pack as before,
 * and so are all after it.
 *
 * <p>Without a file every picture is made when it is asked for; the pixels are the same.
 */
public final class PixelFile implements Pictures, Closeable {

  private final PackedPictures pack;
  private final PixelLayout layout;
  private final @Nullable Path path;
  private final @Nullable FileChannel file;
  private volatile boolean damaged;

  private PixelFile(
      PackedPictures pack, int itemSize, @Nullable Path path, @Nullable FileChannel file) {
    this.pack = pack;
    layout = new PixelLayout(pack.index(), itemSize);
    this.path = path;
    this.file = file;
  }

  /** Opens what {@link PixelWriter} wrote of {@code pack} for the same item size. */
  public static PixelFile open(Path file, PackedPictures pack, int itemSize) throws IOException {
    return new PixelFile(pack, itemSize, file, FileChannel.open(file));
  }

  /** The same pictures without a file. */
  public static PixelFile none(PackedPictures pack, int itemSize) {
    return new PixelFile(pack, itemSize, null, null);
  }

  @Override
  public int size() {
    return pack.size();
  }

  @Override
  public int label(int index) {
    return pack.label(index);
  }

  @Override
  public Picture picture(int index) {
    return picture(index, null);
  }

  @Override
  public Picture picture(int index, @Nullable Picture spent) {
    if (file == null || damaged) {
      return made(index);
    }
    int length = layout.length(index);
    byte[] record = spent != null && spent.rgb().length >= length ? spent.rgb() : new byte[length];
    if (!read(file, record, length, layout.offset(index))) {
      damaged = true;
      return made(index);
    }
    return new Picture(layout.width(index), layout.height(index), record);
  }

  private Picture made(int index) {
    return layout.presize().whole(pack.picture(index));
  }

  private static boolean read(FileChannel file, byte[] record, int length, long offset) {
    ByteBuffer bytes = ByteBuffer.wrap(record, 0, length);
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes, offset + bytes.position()) < 0) {
          return false;
        }
      }
    } catch (IOException e) {
      return false; // Every picture is still in the pack.
    }
    int pixels = length - PixelLayout.CHECKSUM;
    return bytes.getInt(pixels) == checksum(record, pixels);
  }

  static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  /** Closes the file, and deletes one that is damaged; the pack stays open. */
  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
    if (damaged) {
      Files.deleteIfExists(path);
    }
  }
}
