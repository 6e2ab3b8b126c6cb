package dev.onecycle.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A folder for temporary files of this process. It holds a lock as long as the process lives,
 * however that ends: what the folders of others hold whose lock is free belongs to nobody any more.
 */
public final class ProcessFolder {

  static final String LOCK = ".lock";

  /** Never closed: it goes with the process. */
  @SuppressWarnings("unused")
  private final FileLock lock;

  private final Path path;

  /** Makes a folder below {@code parent}, which is made too, and deletes those of the dead. */
  public ProcessFolder(Path parent) throws IOException {
    Files.createDirectories(parent);
    sweep(parent);
    String name = UUID.randomUUID().toString();
    // The lock first: nobody takes the folder for a dead one's.
    lock = open(parent.resolve(name + LOCK), StandardOpenOption.CREATE_NEW).lock();
    path = Files.createDirectory(parent.resolve(name));
  }

  public Path path() {
    return path;
  }

  private static void sweep(Path parent) throws IOException {
    List<Path> locks;
    try (Stream<Path> all = Files.list(parent)) {
      locks = all.filter(file -> file.toString().endsWith(LOCK)).toList();
    }
    locks.forEach(ProcessFolder::deleteIfDead);
  }

  private static void deleteIfDead(Path lock) {
    String file = lock.toString();
    try (FileChannel channel = open(lock, StandardOpenOption.READ);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        FileSystemUtils.deleteRecursively(
            Path.of(file.substring(0, file.length() - LOCK.length())));
        Files.deleteIfExists(lock);
      }
    } catch (OverlappingFileLockException e) {
      // This process's own.
    } catch (IOException e) {
      throw new UncheckedIOException("temporary files cannot be swept", e);
    }
  }

  private static FileChannel open(Path lock, StandardOpenOption how) throws IOException {
    return FileChannel.open(lock, how, StandardOpenOption.WRITE);
  }
}
