package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;

/** Files that a dataset is imported from, wherever they lie. */
interface PictureFiles {

  /** Meets what is imported, one after the other. */
  interface Visitor {

    /** A folder, empty or not. */
    void folder(PicturePath path);

    /** A file; answers whether its bytes are wanted. */
    boolean wants(PicturePath path);

    /** The bytes of a file that was wanted; throws IOException only if they cannot be kept. */
    void picture(PicturePath path, byte[] bytes) throws IOException;

    /** Bytes of the source that were worked off, since the last call. */
    void advanced(long bytes);
  }

  /** How many bytes the source has in all. */
  long bytes();

  /**
   * Shows every file to {@code visitor}. Throws {@link Failure.Invalid} if the source is damaged or
   * attacks: names that leave their directory, links, devices, sizes beyond the limits; then
   * nothing of the import may be kept.
   */
  void visit(Visitor visitor) throws IOException;
}
