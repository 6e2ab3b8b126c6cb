package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a tar, compressed or not, read front to back. */
final class TarFiles implements PictureFiles {

  private final Path archive;
  private final Compression compression;
  private final ImportLimits limits;

  TarFiles(Path archive, Compression compression, ImportLimits limits) {
    this.archive = archive;
    this.compression = compression;
    this.limits = limits;
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
    PicturePath path = PicturePath.of(member.name());
    if (member.isFolder()) {
      visitor.folder(path);
    } else if (member.header().type() == TarHeader.SYMBOLIC_LINK) {
      visitor.leftOut(path, "is a link");
    } else if (visitor.wants(path)) {
      read(member, path, tar, visitor);
    }
  }

  private void read(TarMembers.Member member, PicturePath path, TarMembers tar, Visitor visitor)
      throws IOException {
    if (member.header().type() == TarHeader.HARD_LINK) {
      visitor.sameAs(path, member.link());
    } else if (member.sparse()) {
      visitor.leftOut(path, "is stored with holes, as a sparse file");
    } else if (member.header().isFile()) {
      visitor.picture(path, ArchiveFiles.reading(() -> limits.read(path, tar)));
    } else {
      visitor.leftOut(path, "is a device, a pipe or another special file");
    }
  }
}
