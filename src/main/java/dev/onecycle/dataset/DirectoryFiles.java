package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files below a directory of this machine. */
final class DirectoryFiles implements PictureFiles {

  private final Path directory;
  private final ImportLimits limits;
  private final List<Path> folders = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();
  private long bytes;

  /**
   * Lists the files below {@code path}. Throws {@link Failure.Invalid} if it is no directory, does
   * not lie below one of {@code roots}, or has links, devices or too many files below it.
   */
  DirectoryFiles(String path, List<Path> roots, ImportLimits limits) {
    this.directory = allowed(path, roots);
    this.limits = limits;
    try {
      Files.walkFileTree(directory, new Lister());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The real directory that {@code path} names, if an import may read it. */
  static Path allowed(String path, List<Path> roots) {
    Path real = real(path);
    for (Path root : roots) {
      if (Files.isDirectory(root) && real.startsWith(real(root.toString()))) {
        return real;
      }
    }
    throw new Failure.Invalid(
        "directory " + path + " does not exist below the directories that imports may read",
        roots.isEmpty()
            ? "Start the service with onecycle.dataset.roots set, or upload an archive."
            : "Allowed are directories below " + roots + " (onecycle.dataset.roots).");
  }

  /** A path that is no directory stays as given, so that it lies below no root. */
  private static Path real(String path) {
    try {
      Path given = Path.of(path);
      return given.isAbsolute() && Files.isDirectory(given) ? given.toRealPath() : Path.of("");
    } catch (IOException | InvalidPathException e) {
      return Path.of("");
    }
  }

  private final class Lister extends SimpleFileVisitor<Path> {

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (!folder.equals(directory)) {
        folders.add(folder);
        limits.requireFiles((long) folders.size() + files.size());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (!attributes.isRegularFile()) {
        throw new Failure.Invalid(
            "%s is %s".formatted(name(file), attributes.isSymbolicLink() ? "a link" : "no file"),
            "Replace links by what they point to, and remove devices and pipes.");
      }
      files.add(file);
      bytes += attributes.size();
      limits.requireFiles((long) folders.size() + files.size());
      return FileVisitResult.CONTINUE;
    }
  }

  private PicturePath name(Path path) {
    return PicturePath.of(directory.relativize(path).toString());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    folders.forEach(folder -> visitor.folder(name(folder)));
    for (Path file : files) {
      PicturePath path = name(file);
      if (visitor.wants(path)) {
        byte[] picture = read(file, path);
        visitor.picture(path, picture);
        visitor.advanced(picture.length);
      }
    }
  }

  /** The files that are pictures by their names, sorted by them; hidden ones are left out. */
  SortedMap<PicturePath, Path> pictures() {
    SortedMap<PicturePath, Path> pictures =
        new TreeMap<>(Comparator.comparing(PicturePath::toString));
    for (Path file : files) {
      PicturePath path = name(file);
      if (path.isPicture() && !path.isHidden()) {
        pictures.put(path, file);
      }
    }
    return pictures;
  }

  private byte[] read(Path file, PicturePath path) {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return limits.read(path, in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Failure.Invalid unreadable(IOException e) {
    return new Failure.Invalid(
        "the directory cannot be read: " + e.getMessage(),
        "Let the service's user read it, and keep it unchanged during the import.");
  }
}
