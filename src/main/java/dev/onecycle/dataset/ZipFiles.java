package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The files of a zip, in the order in which they lie in it. */
final class ZipFiles implements PictureFiles {

  private final Path archive;
  private final ImportLimits limits;

  ZipFiles(Path archive, ImportLimits limits) {
    this.archive = archive;
    this.limits = limits;
  }

  @Override
  public long bytes() {
    return archive.toFile().length();
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    try (ZipFile zip = open()) {
      Iterator<ZipArchiveEntry> entries = zip.getEntriesInPhysicalOrder().asIterator();
      long files = 0;
      long unpacked = 0;
      while (entries.hasNext()) {
        ZipArchiveEntry entry = entries.next();
        limits.requireFiles(++files);
        PicturePath path = path(entry);
        if (entry.isDirectory()) {
          visitor.folder(path);
        } else if (visitor.wants(path)) {
          byte[] bytes = read(zip, entry, path);
          unpacked += bytes.length;
          limits.requireUnpacked(unpacked, bytes());
          visitor.picture(path, bytes);
        }
        visitor.advanced(Math.max(0, entry.getCompressedSize()));
      }
    }
  }

  private ZipFile open() {
    try {
      ZipDirectory.requireBelow(archive, limits.maxFiles());
      return ZipFile.builder()
          .setPath(archive)
          .setCharset(UTF_8)
          .setUseUnicodeExtraFields(false)
          .get();
    } catch (IOException | IllegalArgumentException e) {
      throw ArchiveFiles.damaged(e);
    }
  }

  /** The name as it was written: the library would turn some backslashes into slashes. */
  private static PicturePath path(ZipArchiveEntry entry) {
    byte[] raw = entry.getRawName();
    PicturePath path = PicturePath.of(raw == null ? entry.getName() : new String(raw, UTF_8));
    int kind = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
    if (kind == UnixStat.LINK_FLAG) {
      throw ArchiveFiles.notAFile(path.toString(), "a link");
    }
    if (kind != 0 && kind != UnixStat.FILE_FLAG && kind != UnixStat.DIR_FLAG) {
      throw ArchiveFiles.notAFile(path.toString(), "a device, a pipe or another special file");
    }
    return path;
  }

  private byte[] read(ZipFile zip, ZipArchiveEntry entry, PicturePath path) {
    if (!zip.canReadEntryData(entry)) {
      throw new Failure.Invalid(
          "'%s' in the archive is encrypted or packed in an unusual way".formatted(path),
          "Pack the pictures again without a password, stored or deflated.");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return limits.read(path, in);
    } catch (IOException | IllegalArgumentException e) {
      throw ArchiveFiles.damaged(e);
    }
  }
}
