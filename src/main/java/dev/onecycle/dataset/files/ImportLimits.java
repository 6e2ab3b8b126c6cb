package dev.onecycle.dataset.files;

import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;

/**
 * What one import may take; beyond it the whole import is refused.
 *
 * @param maxFiles files and folders
 * @param maxPicture bytes of one picture file
 * @param maxUnpacked bytes of everything unpacked
 * @param maxRatio unpacked bytes per byte of the archive, of one that has {@code ratioFrom} or more
 * @param ratioFrom below this many unpacked bytes no ratio is suspicious
 */
public record ImportLimits(
    int maxFiles, int maxPicture, long maxUnpacked, int maxRatio, long ratioFrom) {

  /** What is held of a picture until its import ends, beside its path. */
  private static final long BYTES_A_PICTURE = 400;

  /**
   * Refuses pictures that this process has no memory for, before it has none for anybody else.
   *
   * @param pictures how many are held
   * @param characters of all their paths
   */
  public static void requireMemory(long pictures, long characters) {
    long needed = (pictures * BYTES_A_PICTURE + 2 * characters) >> 20;
    long allowed = (Runtime.getRuntime().maxMemory() >> 20) * 2 / 3;
    if (needed > allowed) {
      throw new Failure.Invalid(
          "the import has %d pictures or more, which take %d MB of heap > maximum %d"
              .formatted(pictures, needed, allowed),
          "Give the process more heap (JDK_JAVA_OPTIONS=-Xmx4g), or import less at once.");
    }
  }

  /** Refuses file number {@code files} if that is one too many. */
  void requireFiles(long files) {
    if (files > maxFiles) {
      throw beyond("files", files, maxFiles, "max-files");
    }
  }

  /** Refuses to go on after unpacking {@code unpacked} bytes from {@code packed}. */
  void requireUnpacked(long unpacked, long packed) {
    if (unpacked > maxUnpacked) {
      throw beyond("unpacked bytes", unpacked, maxUnpacked, "max-unpacked");
    }
    if (unpacked > ratioFrom && unpacked / Math.max(1, packed) > maxRatio) {
      throw beyond(
          "times its own size when unpacked",
          unpacked / Math.max(1, packed),
          maxRatio,
          "max-ratio");
    }
  }

  /** All bytes of one picture file. */
  byte[] read(PicturePath path, InputStream bytes) throws IOException {
    byte[] read = bytes.readNBytes(maxPicture + 1);
    if (read.length > maxPicture) {
      throw beyond("bytes or more in " + path, read.length, maxPicture, "max-picture");
    }
    return read;
  }

  private static Failure.Invalid beyond(String what, long value, long limit, String setting) {
    return new Failure.Invalid(
        "the import has %d %s > maximum %d".formatted(value, what, limit),
        "Import less at once, or raise onecycle.dataset." + setting + ".");
  }
}
