package dev.onecycle.dataset.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file by its name, on systems where it cannot be held. A link or a pipe that lies at the path is
 * seen; one that is put there between the look and the opening is not, except a link at its end.
 */
record NamedFile(Path asked) implements FileHandle {

  static NamedFile of(Path path) throws IOException {
    NamedFile file = new NamedFile(path);
    file.attributes();
    return file;
  }

  @Override
  public BasicFileAttributes attributes() throws IOException {
    return Files.readAttributes(asked, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public Path path() throws IOException {
    return asked.toRealPath();
  }

  @Override
  public Path content() {
    return asked;
  }

  @Override
  public InputStream read() throws IOException {
    return Files.newInputStream(asked, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() {
    // A name holds nothing.
  }
}
