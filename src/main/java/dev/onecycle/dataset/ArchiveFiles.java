package dev.onecycle.dataset;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Archives on this machine's disk, told apart by their first bytes, never by their names. */
final class ArchiveFiles {

  private ArchiveFiles() {}

  /**
   * Opens a zip, a tar or a gzipped tar. Nothing is ever unpacked to a path: pictures go from the
   * archive into memory one by one. Throws {@link Failure.Unsupported} for anything else.
   */
  static PictureFiles open(Path archive, ImportLimits limits) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(archive)) {
      start = in.readNBytes(TarFiles.HEADER_BYTES);
    }
    if (startsWith(start, 'P', 'K', 3, 4) || startsWith(start, 'P', 'K', 5, 6)) {
      return new ZipFiles(archive, limits);
    }
    if (startsWith(start, 0x1f, 0x8b)) {
      return new TarFiles(archive, true, limits);
    }
    if (TarFiles.isHeader(start)) {
      return new TarFiles(archive, false, limits);
    }
    throw new Failure.Unsupported(
        "the file is no archive that is understood", "Send a .tgz, a .tar or a .zip.");
  }

  /** What the caller is told about an archive that breaks off or contradicts itself. */
  static Failure.Invalid damaged(Exception e) {
    return new Failure.Invalid(
        "the archive is damaged: " + e.getMessage(), "Pack it again and send it again.");
  }

  static Failure.Invalid notAFile(String name, String what) {
    return new Failure.Invalid(
        "'%s' in the archive is %s".formatted(name, what),
        "Pack the pictures themselves: plain files and folders only.");
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 255) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
