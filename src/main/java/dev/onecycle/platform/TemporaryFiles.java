package dev.onecycle.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The temporary directory of this process, in that of the home. What killed processes left is
 * cleared at the start: theirs at once, and what lies elsewhere once it is a day old, since
 * versions that knew no {@link ProcessFolder} may be at work in the same home.
 */
@Component
public class TemporaryFiles {

  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path directory;

  public TemporaryFiles(OnecycleProperties onecycle, Clock clock) throws IOException {
    Path all = Files.createDirectories(onecycle.home().resolve("tmp"));
    clear(all, clock.instant().minus(ABANDONED).toEpochMilli());
    directory = new ProcessFolder(all.resolve("files")).path();
  }

  private static void clear(Path all, long latest) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(all)) {
      files = found.filter(Files::isRegularFile).filter(TemporaryFiles::unlocked).toList();
    }
    for (Path file : files) {
      if (file.toFile().lastModified() <= latest) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Returns the directory, made anew where somebody has deleted it. */
  public Path directory() throws IOException {
    return Files.createDirectories(directory);
  }

  /** Returns a file of a name of its own in the directory, not made yet. */
  public TemporaryFile file(String suffix) throws IOException {
    return new TemporaryFile(directory().resolve(UUID.randomUUID() + suffix));
  }

  private static boolean unlocked(Path file) {
    return !file.toString().endsWith(ProcessFolder.LOCK);
  }
}
