package dev.onecycle.dataset.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.onecycle.layout.NameEncoding;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below a directory of this machine, as they were when it was listed. Folders and files
 * are opened by handles that are looked at before: on Linux a link that is put into a path
 * meanwhile leads nowhere, and a pipe is not waited for.
 */
public final class DirectoryFiles implements PictureFiles {

  private final Path directory;
  private final ImportLimits limits;
  private final Runnable step;
  private final List<Path> folders = new ArrayList<>();
  private final NameEncoding names;
  private final Deque<Found> files = new ArrayDeque<>();
  private int hidden;
  private long bytes;

  /**
   * Whatever is no folder.
   *
   * @param folder that it lies in, the same for all in it: there may be a million
   * @param problem why it cannot be read, or null; that of hidden ones is not looked for
   */
  public record Found(Path folder, Path name, @Nullable String problem) {
    Path file() {
      return folder.resolve(name);
    }

    /** All its bytes; throws if it is a link, or lies behind one by now. */
    public byte[] read(PicturePath path, ImportLimits limits) throws IOException {
      try (InputStream in = FileHandle.open(file())) {
        return limits.read(path, in);
      }
    }
  }

  /**
   * Lists the files below {@code path}, without what is in hidden folders.
   *
   * @param asked how names are encoded that are not UTF-8; null: to be found out
   * @param step taken before every file; may throw to end the listing
   * @throws Failure.Invalid if it is no directory, does not lie below one of {@code roots}, or has
   *     too many files below it
   */
  public DirectoryFiles(
      String path,
      List<Path> roots,
      ImportLimits limits,
      @Nullable NameEncoding asked,
      Runnable step) {
    this.directory = allowed(path, roots);
    this.limits = limits;
    this.step = step;
    Deque<Path> toList = new ArrayDeque<>(List.of(directory));
    while (!toList.isEmpty()) {
      list(toList.pop(), toList);
    }
    names = asked == null ? detected() : asked;
  }

  /** The real directory that {@code path} names, if an import may read it. */
  public static Path allowed(String path, List<Path> roots) {
    Path real = real(path);
    for (Path root : roots) {
      Path allowed = real(root.toString());
      if (real != null && allowed != null && real.startsWith(allowed)) {
        return real;
      }
    }
    throw new Failure.Invalid(
        "directory " + path + " does not exist below the directories that imports may read",
        roots.isEmpty()
            ? "Start the service with onecycle.dataset.roots set, or upload an archive."
            : "Name a directory below one of those that onecycle.dataset.roots lists.");
  }

  /** Where the directory lies without links; null if {@code path} names none. */
  private static @Nullable Path real(String path) {
    try {
      Path given = Path.of(path);
      if (!given.isAbsolute()) {
        return null;
      }
      try (FileHandle found = FileHandle.of(given.toRealPath())) {
        return found.attributes().isDirectory() ? found.path() : null;
      }
    } catch (IOException | InvalidPathException e) {
      return null;
    }
  }

  private void list(Path folder, Deque<Path> toList) {
    List<Found> found = new ArrayList<>();
    List<Path> below = new ArrayList<>();
    try (FileHandle handle = FileHandle.of(folder)) {
      if (!handle.attributes().isDirectory() || !handle.path().equals(folder)) {
        throw new IOException("it was replaced while it was listed");
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(handle.content())) {
        for (Path entry : entries) {
          step.run();
          add(folder, entry, found, below);
          limits.requireFiles(hidden);
          limits.requireFiles(
              (long) folders.size() + below.size() + files.size() + found.size() - hidden);
        }
      }
      found.sort(Comparator.comparing(Found::name));
      files.addAll(found);
      below.sort(Comparator.reverseOrder());
      below.forEach(toList::push);
      folders.addAll(below);
    } catch (DirectoryIteratorException e) {
      throw unreadable("folder", folder, requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable("folder", folder, e);
    }
  }

  private void add(Path folder, Path entry, List<Found> found, List<Path> below)
      throws IOException {
    Path name = entry.getFileName();
    // A name by itself: one that was shown keeps its text, too.
    if (PicturePath.isHidden(entry.getFileName().toString())) {
      found.add(new Found(folder, name, null));
      hidden++;
      return;
    }
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // It went since the folder was read, as temporary files do.
      return;
    }
    if (attributes.isDirectory()) {
      below.add(folder.resolve(name));
    } else {
      found.add(new Found(folder, name, problem(attributes)));
      bytes += attributes.size();
    }
  }

  private static @Nullable String problem(BasicFileAttributes attributes) {
    if (attributes.isRegularFile()) {
      return null;
    }
    return attributes.isSymbolicLink() ? "is a link" : "is a device, a pipe or a socket";
  }

  private NameEncoding detected() {
    List<String> foreign =
        Stream.concat(folders.stream(), files.stream().map(Found::file))
            .map(this::bytes)
            .filter(bytes -> !NameEncoding.isUtf8(bytes))
            .limit(NameEncoding.ENOUGH)
            .toList();
    return foreign.isEmpty()
        ? NameEncoding.UTF8
        : NameEncoding.detected(foreign, NameEncoding.UNIX);
  }

  /** The bytes of a path below the directory: what Java shows of them depends on the locale. */
  private String bytes(Path path) {
    Path below = directory.relativize(path);
    String shown = below.toString().replace(File.separatorChar, '/');
    if (shown.chars().allMatch(c -> c < 128)) {
      return shown;
    }
    String[] segments = path.toUri().getRawPath().replaceAll("/$", "").split("/", -1);
    return IntStream.range(segments.length - below.getNameCount(), segments.length)
        .mapToObj(i -> URLDecoder.decode(segments[i].replace("+", "%2B"), ISO_8859_1))
        .collect(Collectors.joining("/"));
  }

  private PicturePath name(Path path) {
    return names.path(bytes(path));
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void visit(Visitor visitor) throws IOException {
    folders.forEach(folder -> visitor.folder(name(folder)));
    // What was visited is forgotten: what is made of it takes its memory.
    for (Found found; (found = files.poll()) != null; ) {
      PicturePath path = name(found.file());
      if (found.problem() != null) {
        visitor.leftOut(path, found.problem());
      } else if (visitor.wants(path)) {
        byte[] picture = read(found, path);
        visitor.picture(path, picture);
        visitor.advanced(picture.length);
      }
    }
    if (names.note() != null) {
      visitor.note(names.note());
    }
  }

  /** The files that are pictures by their names, sorted by them. */
  public SortedMap<String, Found> pictures() {
    SortedMap<String, Found> pictures = new TreeMap<>();
    for (Found found : files) {
      PicturePath path = name(found.file());
      if (path.isPicture() && !path.hidden() && path.problem() == null) {
        pictures.put(path.toString(), found);
      }
    }
    return pictures;
  }

  private byte[] read(Found found, PicturePath path) {
    try {
      return found.read(path, limits);
    } catch (IOException e) {
      throw unreadable("file", found.file(), e);
    }
  }

  private Failure.Invalid unreadable(String what, Path path, IOException e) {
    String name = name(path).toString();
    return new Failure.Invalid(
        "the %s '%s' cannot be read: %s".formatted(what, name, Reason.of(e)),
        "Let the service's user read it, and keep it unchanged during the import.");
  }
}
