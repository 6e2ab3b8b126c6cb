package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * A store in one directory: a blob's key is its path below it. Bytes are written to {@code
 * .incoming}, forced to the disk and renamed, then the rename itself is forced.
 */
public final class DirectoryStore implements BlobStore {

  private static final String INCOMING = ".incoming";

  /** Windows opens no directory as a file; its file system keeps a log of renames. */
  private static final boolean FORCES_DIRECTORIES = File.separatorChar == '/';

  private final Path root;
  private final DiskSpace space;

  /**
   * Makes the directory if it is missing. What a killed process left half written more than a day
   * before {@code now} goes away; anything younger may be another process at work.
   */
  public DirectoryStore(Path root, DiskSpace space, Instant now) {
    this.root = root;
    this.space = space;
    try {
      Path incoming = Files.createDirectories(root.resolve(INCOMING));
      FileTime yesterday = FileTime.from(now.minus(Duration.ofDays(1)));
      for (Path left : children(incoming)) {
        if (Files.getLastModifiedTime(left).compareTo(yesterday) < 0) {
          deleteQuietly(left);
        }
      }
    } catch (IOException e) {
      throw DiskSpace.failure("the store " + root, e);
    }
  }

  @Override
  public Blob put(String key, InputStream bytes) {
    Path target = path(key);
    Path incoming = root.resolve(INCOMING).resolve(UUID.randomUUID().toString());
    space.require(root, 0);
    try {
      Blob blob;
      try (FileOutputStream out = new FileOutputStream(incoming.toFile())) {
        blob = Checksum.copy(key, bytes, out);
        out.getFD().sync();
      }
      publish(incoming, target);
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure(key, e);
    } finally {
      deleteQuietly(incoming);
    }
  }

  @Override
  public Blob put(String key, Path file) {
    Path target = path(key);
    try {
      if (!Files.getFileStore(file).equals(Files.getFileStore(root))) {
        return copyAcross(key, file);
      }
      Blob blob;
      try (InputStream bytes = Files.newInputStream(file)) {
        blob = Checksum.of(key, bytes);
      }
      force(file, StandardOpenOption.WRITE);
      publish(file, target);
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure(key, e);
    }
  }

  private Blob copyAcross(String key, Path file) throws IOException {
    space.require(root, Files.size(file));
    Blob blob;
    try (InputStream bytes = Files.newInputStream(file)) {
      blob = put(key, bytes);
    }
    Files.delete(file);
    return blob;
  }

  private void publish(Path file, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    for (Path made = target.getParent();
        FORCES_DIRECTORIES && made != null && made.startsWith(root);
        made = made.getParent()) {
      force(made, StandardOpenOption.READ);
    }
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }

  @Override
  public InputStream get(String key) {
    try {
      return Files.newInputStream(existing(key));
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public Path file(Blob blob) {
    return existing(blob.key());
  }

  private Path existing(String key) {
    Path path = path(key);
    if (!Files.isRegularFile(path)) {
      throw new Failure.NotFound("there is no stored file " + key);
    }
    return path;
  }

  @Override
  public long size(String key) {
    try {
      return Files.size(existing(key));
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public Instant modified(String key) {
    try {
      return Files.getLastModifiedTime(existing(key)).toInstant();
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    List<String> keys = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Lister(prefix, keys));
    } catch (IOException e) {
      throw unreadable(prefix, e);
    }
    Collections.sort(keys);
    return keys;
  }

  /** A walk over the blobs whose key starts with a prefix; files may vanish while it walks. */
  private final class Lister extends SimpleFileVisitor<Path> {
    private final String prefix;
    private final List<String> keys;

    private Lister(String prefix, List<String> keys) {
      this.prefix = prefix;
      this.keys = keys;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
      String key = key(directory);
      boolean wanted = !key.equals(INCOMING) && (prefix.startsWith(key) || key.startsWith(prefix));
      return wanted ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (key(file).startsWith(prefix)) {
        keys.add(key(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private String key(Path path) {
      return root.relativize(path).toString().replace(File.separatorChar, '/');
    }
  }

  /**
   * Deletes the blob. Empty directories above it are left: another thread may be about to use them.
   */
  @Override
  public void delete(String key) {
    try {
      Files.deleteIfExists(path(key));
    } catch (IOException e) {
      throw new Failure.Unavailable(key + " could not be deleted: " + Reason.of(e), null, e);
    }
  }

  private Path path(String key) {
    return root.resolve(Key.checked(key));
  }

  private static List<Path> children(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return children.toList();
    }
  }

  private static Failure.Unavailable unreadable(String key, IOException e) {
    return new Failure.Unavailable(
        "stored file " + key + " cannot be read: " + Reason.of(e), null, e);
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // A later start clears the directory: nothing is lost by leaving the file.
    }
  }
}
