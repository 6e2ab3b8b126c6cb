package dev.onecycle.dataset.files;

import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;

/** Files that a dataset is imported from, wherever they lie. */
public interface PictureFiles {

  /** Meets what is imported, one after the other. */
  interface Visitor {

    /** A folder, empty or not. */
    void folder(PicturePath path);

    /** A file; answers whether its bytes are wanted. */
    boolean wants(PicturePath path);

    /** The bytes of a file that was wanted; throws IOException only if they cannot be kept. */
    void picture(PicturePath path, byte[] bytes) throws IOException;

    /**
     * A file that was wanted and has the bytes of an earlier one.
     *
     * @param earlier as it stands in the archive, any text
     */
    void sameAs(PicturePath path, String earlier) throws IOException;

    /**
     * A file that was wanted and cannot be read.
     *
     * @param why the end of a sentence that begins with the file
     */
    void leftOut(PicturePath path, String why);

    /** Something that is to be told of the whole, a sentence. */
    void note(String warning);

    /**
     * Bytes of the source that were worked off, since the last call, which was a moment ago; throws
     * CancellationException to end the visit.
     */
    void advanced(long bytes);
  }

  /** How many bytes the source has in all. */
  long bytes();

  /**
   * Shows every file to {@code visitor}.
   *
   * @throws Failure.Invalid if the source is damaged or attacks: names that leave their directory,
   *     sizes beyond the limits; then nothing of the import may be kept
   */
  void visit(Visitor visitor) throws IOException;
}
