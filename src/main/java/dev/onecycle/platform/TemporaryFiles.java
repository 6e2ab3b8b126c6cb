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
 * The temporary directory of the home. At the start it is cleared of what killed processes left:
 * files of a day ago and older, wherever they lie in it, since younger ones may be another
 * process's, at work in the same home. What lies in a {@link ProcessFolder} need not wait so long.
 */
@Component
public class TemporaryFiles {

  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path directory;

  public TemporaryFiles(OnecycleProperties onecycle, Clock clock) throws IOException {
    directory = onecycle.home().resolve("tmp");
    Files.createDirectories(directory);
    long latest = clock.instant().minus(ABANDONED).toEpochMilli();
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).filter(TemporaryFiles::unlocked).toList();
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
