package dev.onecycle.dataset.files;

import static java.util.Objects.requireNonNull;

import dev.onecycle.layout.NameEncoding;
import dev.onecycle.layout.PicturePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The files of a zip, in the order of its directory. */
final class ZipFiles implements PictureFiles {

  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;

  private final Path archive;
  private final ImportLimits limits;
  private final @Nullable NameEncoding asked;

  /**
   * @param asked how names are encoded that do not say that they are UTF-8; null: to be found out
   */
  ZipFiles(Path archive, ImportLimits limits, @Nullable NameEncoding asked) {
    this.archive = archive;
    this.limits = limits;
    this.asked = asked;
  }

  @Override
  public long bytes() {
    return archive.toFile().length();
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    try (FileChannel file = ArchiveFiles.reading(() -> FileChannel.open(archive))) {
      ZipDirectory directory =
          ArchiveFiles.reading(() -> ZipDirectory.find(file, visitor::advanced));
      directory.requireBelow(limits.maxFiles());
      NameEncoding names = asked == null ? detected(file, directory, visitor) : asked;
      FileRange members = members(file, directory, visitor::advanced);
      long files = 0;
      long unpacked = 0;
      for (ZipMember member; (member = next(members)) != null; ) {
        limits.requireFiles(++files);
        unpacked += visit(file, member, names, visitor);
        limits.requireUnpacked(unpacked, bytes());
      }
      long found = files;
      ArchiveFiles.reading(() -> directory.requireMembers(found));
      if (names.note() != null) {
        visitor.note(names.note());
      }
    }
  }

  private static FileRange members(FileChannel file, ZipDirectory directory, LongConsumer read) {
    return ArchiveFiles.reading(
        () -> new FileRange(file, directory.start(), directory.length(), read));
  }

  /** The encoding that fits all names that do not say theirs: one says less than many. */
  private static NameEncoding detected(FileChannel file, ZipDirectory directory, Visitor visitor) {
    FileRange members = members(file, directory, n -> visitor.advanced(0));
    List<String> foreign = new ArrayList<>();
    for (ZipMember member;
        foreign.size() < NameEncoding.ENOUGH && (member = next(members)) != null; ) {
      if (member.isForeign()) {
        foreign.add(member.name());
      }
    }
    return foreign.isEmpty() ? NameEncoding.UTF8 : NameEncoding.detected(foreign, NameEncoding.DOS);
  }

  private static @Nullable ZipMember next(FileRange members) {
    return ArchiveFiles.reading(() -> Optional.ofNullable(ZipMember.read(members))).orElse(null);
  }

  /** Answers how many bytes were unpacked for it. */
  private long visit(FileChannel file, ZipMember member, NameEncoding names, Visitor visitor)
      throws IOException {
    PicturePath path = member.path(names);
    if (member.isFolder()) {
      visitor.folder(path);
    } else if (member.isLink()) {
      visitor.leftOut(path, "is a link");
    } else if (visitor.wants(path)) {
      if (member.problem() == null) {
        byte[] bytes = ArchiveFiles.reading(() -> read(file, member, path, visitor));
        visitor.picture(path, bytes);
        return bytes.length;
      }
      visitor.leftOut(path, member.problem());
    }
    return 0;
  }

  private byte[] read(FileChannel file, ZipMember member, PicturePath path, Visitor visitor)
      throws IOException {
    ByteBuffer local = FileRange.bytes(file, member.start(), LOCAL_BYTES, visitor::advanced);
    if (local.getInt(0) != LOCAL) {
      throw new IOException("'" + path + "' is not where its directory says");
    }
    int names = Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
    FileRange packed =
        new FileRange(
            file, member.start() + LOCAL_BYTES + names, member.packed(), visitor::advanced);
    byte[] bytes;
    try (InputStream unpacked = requireNonNull(Compression.ofZip(member.method())).unpack(packed)) {
      bytes = limits.read(path, unpacked);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (bytes.length != member.unpacked() || crc.getValue() != member.crc()) {
      throw new IOException("'" + path + "' has another size or checksum than its directory says");
    }
    return bytes;
  }
}
