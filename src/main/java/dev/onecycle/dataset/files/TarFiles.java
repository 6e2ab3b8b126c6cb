package dev.onecycle.dataset.files;

import dev.onecycle.layout.NameEncoding;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a tar, compressed or not, read front to back. */
final class TarFiles implements PictureFiles {

  private final Path archive;
  private final Compression compression;
  private final ImportLimits limits;
  private @Nullable NameEncoding names;

  /**
   * @param names how names are encoded that are not UTF-8; null: to be found out
   */
  TarFiles(
      Path archive, Compression compression, ImportLimits limits, @Nullable NameEncoding names) {
    this.archive = archive;
    this.compression = compression;
    this.limits = limits;
    this.names = names;
  }

  @Override
  public long bytes() {
    return archive.toFile().length();
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    try (PackedStream packed =
            ArchiveFiles.reading(
                () -> new PackedStream(Files.newInputStream(archive), visitor::advanced));
        TarMembers tar = new TarMembers(unpacked(packed))) {
      long files = 0;
      for (TarMembers.Member member; (member = next(tar)) != null; ) {
        limits.requireFiles(++files);
        visit(member, tar, visitor);
      }
      if (files == 0) {
        throw new Failure.Invalid("the archive has no files", null);
      }
      if (names != null && names.note() != null) {
        visitor.note(names.note());
      }
    }
  }

  private GuardedStream unpacked(PackedStream packed) {
    return ArchiveFiles.reading(
        () ->
            new GuardedStream(
                compression.unpack(new BufferedInputStream(packed, 1 << 16)), packed, limits));
  }

  private static TarMembers.@Nullable Member next(TarMembers tar) {
    return ArchiveFiles.reading(() -> Optional.ofNullable(tar.next())).orElse(null);
  }

  private void visit(TarMembers.Member member, TarMembers tar, Visitor visitor) throws IOException {
    PicturePath path = encoding(member.name(), visitor).path(member.name());
    if (member.isFolder()) {
      visitor.folder(path);
    } else if (member.header().type() == TarHeader.SYMBOLIC_LINK) {
      visitor.leftOut(path, "is a link");
    } else if (visitor.wants(path)) {
      read(member, path, tar, visitor);
    }
  }

  private NameEncoding encoding(String name, Visitor visitor) throws IOException {
    if (names == null && !NameEncoding.isUtf8(name)) {
      names = NameEncoding.detected(foreign(visitor), NameEncoding.UNIX);
    }
    return names == null ? NameEncoding.UTF8 : names;
  }

  /** All names that are not UTF-8: one says less than many. */
  private List<String> foreign(Visitor visitor) throws IOException {
    List<String> foreign = new ArrayList<>();
    try (PackedStream packed =
            ArchiveFiles.reading(
                () -> new PackedStream(Files.newInputStream(archive), n -> visitor.advanced(0)));
        TarMembers tar = new TarMembers(unpacked(packed))) {
      for (TarMembers.Member member;
          foreign.size() < NameEncoding.ENOUGH && (member = next(tar)) != null; ) {
        if (!NameEncoding.isUtf8(member.name())) {
          foreign.add(member.name());
        }
      }
    }
    return foreign;
  }

  private void read(TarMembers.Member member, PicturePath path, TarMembers tar, Visitor visitor)
      throws IOException {
    if (member.header().type() == TarHeader.HARD_LINK) {
      String earlier = encoding(member.link(), visitor).text(member.link(), false);
      visitor.sameAs(path, earlier == null ? "" : earlier);
    } else if (member.sparse()) {
      visitor.leftOut(path, "is stored with holes, as a sparse file");
    } else if (member.header().isFile()) {
      visitor.picture(path, ArchiveFiles.reading(() -> limits.read(path, tar)));
    } else {
      visitor.leftOut(path, "is a device, a pipe or another special file");
    }
  }
}
