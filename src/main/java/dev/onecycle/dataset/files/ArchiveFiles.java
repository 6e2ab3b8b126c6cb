package dev.onecycle.dataset.files;

import dev.onecycle.layout.NameEncoding;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Archives on this machine's disk, told apart by their first bytes, never by their names. */
public final class ArchiveFiles {

  /** A piece of work on an archive. */
  @FunctionalInterface
  interface Step<T> {
    T take() throws IOException;
  }

  private ArchiveFiles() {}

  /**
   * Opens a zip or a tar, compressed or not. Nothing is ever unpacked to a path: pictures go from
   * the archive into memory one by one.
   *
   * @param names how names are encoded that are not UTF-8; null: to be found out
   * @throws Failure.Unsupported for anything else
   */
  public static PictureFiles open(Path archive, ImportLimits limits, @Nullable NameEncoding names) {
    byte[] start = reading(() -> start(archive));
    if (Compression.startsWith(start, "PK\3\4") || Compression.startsWith(start, "PK\5\6")) {
      return new ZipFiles(archive, limits, names);
    }
    Compression compression = Compression.of(start);
    if (compression != Compression.NONE || TarHeader.isOne(start)) {
      return new TarFiles(archive, compression, limits, names);
    }
    throw new Failure.Unsupported(
        "the file is no archive that is understood",
        "Send a .zip, a .tar, or a .tar compressed with gzip, bzip2, xz or zstd.");
  }

  private static byte[] start(Path archive) throws IOException {
    try (InputStream in = Files.newInputStream(archive)) {
      return in.readNBytes(TarHeader.BYTES);
    }
  }

  /** What a step answers; what it throws as IOException is the archive's fault. */
  static <T> T reading(Step<T> step) {
    try {
      return step.take();
    } catch (IOException e) {
      throw new Failure.Invalid(
          "the archive is damaged: " + Reason.of(e), "Pack it again and send it again.");
    }
  }
}
