package dev.onecycle.dataset;

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
record ImportLimits(int maxFiles, int maxPicture, long maxUnpacked, int maxRatio, long ratioFrom) {

  /** A second or two of unpacking. */
  private static final long HARMLESS = 1L << 30;

  static ImportLimits of(DatasetProperties properties) {
    return new ImportLimits(
        properties.maxFiles(),
        (int) properties.maxPicture().toBytes(),
        properties.maxUnpacked().toBytes(),
        properties.maxRatio(),
        HARMLESS);
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
