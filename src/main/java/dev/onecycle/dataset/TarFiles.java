package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;

/** The files of a tar, gzipped or not, read front to back. */
final class TarFiles implements PictureFiles {

  static final int HEADER_BYTES = 512;

  private final Path archive;
  private final boolean gzipped;
  private final ImportLimits limits;

  TarFiles(Path archive, boolean gzipped, ImportLimits limits) {
    this.archive = archive;
    this.gzipped = gzipped;
    this.limits = limits;
  }

  /** Whether these bytes are the start of a tar: a header with the right checksum. */
  static boolean isHeader(byte[] start) {
    try {
      return start.length == HEADER_BYTES && start[0] != 0 && TarUtils.verifyCheckSum(start);
    } catch (IllegalArgumentException e) {
      // Where the checksum would be are no octal digits.
      return false;
    }
  }

  @Override
  public long bytes() {
    return archive.toFile().length();
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    try (CountedStream packed = new CountedStream(Files.newInputStream(archive));
        GuardedStream guarded = new GuardedStream(unpack(packed), packed, limits);
        TarArchiveInputStream tar = new TarArchiveInputStream(guarded, UTF_8.name())) {
      long files = 0;
      long worked = 0;
      for (TarArchiveEntry entry; (entry = next(tar, guarded)) != null; ) {
        limits.requireFiles(++files);
        visit(entry, tar, visitor);
        visitor.advanced(packed.count() - worked);
        worked = packed.count();
      }
      if (files == 0) {
        throw new Failure.Invalid("the archive has no files", null);
      }
    }
  }

  private InputStream unpack(CountedStream packed) {
    InputStream buffered = new BufferedInputStream(packed, 1 << 16);
    try {
      return gzipped ? new GZIPInputStream(buffered, 1 << 16) : buffered;
    } catch (IOException e) {
      throw ArchiveFiles.damaged(e);
    }
  }

  private static TarArchiveEntry next(TarArchiveInputStream tar, GuardedStream guarded) {
    try {
      if (tar.getCurrentEntry() != null) {
        tar.transferTo(OutputStream.nullOutputStream());
      }
      guarded.headersBegin();
      TarArchiveEntry entry = tar.getNextEntry();
      guarded.headersDone();
      return entry;
    } catch (IOException | IllegalArgumentException e) {
      throw ArchiveFiles.damaged(e);
    }
  }

  private void visit(TarArchiveEntry entry, InputStream tar, Visitor visitor) throws IOException {
    PicturePath path = path(entry);
    if (entry.isDirectory()) {
      visitor.folder(path);
      return;
    }
    if (visitor.wants(path)) {
      visitor.picture(path, read(path, tar));
    }
  }

  private static PicturePath path(TarArchiveEntry entry) {
    PicturePath path = PicturePath.of(entry.getName());
    if (entry.isSymbolicLink() || entry.isLink()) {
      throw ArchiveFiles.notAFile(path.toString(), "a link");
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO() || entry.isSparse()) {
      throw ArchiveFiles.notAFile(path.toString(), "a device, a pipe or another special file");
    }
    return path;
  }

  private byte[] read(PicturePath path, InputStream tar) {
    try {
      return limits.read(path, tar);
    } catch (IOException e) {
      throw ArchiveFiles.damaged(e);
    }
  }
}
