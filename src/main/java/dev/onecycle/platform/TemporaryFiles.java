package dev.onecycle.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The temporary directory of the home. At the start it is cleared of what killed processes left:
 * files of a day ago and older, wherever they lie in it, since younger ones may be another
 * process's, at work in the same home. What lies in a {@link ProcessFolder} need not wait so long.
 */
@Component
class TemporaryFiles {

  private static final Duration ABANDONED = Duration.ofDays(1);

  TemporaryFiles(OnecycleProperties onecycle, Clock clock) throws IOException {
    Path directory = Files.createDirectories(onecycle.home().resolve("tmp"));
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

  private static boolean unlocked(Path file) {
    return !file.toString().endsWith(ProcessFolder.LOCK);
  }
}
