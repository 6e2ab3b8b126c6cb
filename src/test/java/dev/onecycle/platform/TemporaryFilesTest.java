package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFilesTest {

  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  @TempDir private Path home;

  @Test
  void clearsWhatWasLeftADayAgoAndNothingElse() throws IOException {
    Path folder = Files.createDirectories(home.resolve("tmp/imports"));
    Path deep = left("imports/old.pack", Duration.ofHours(25));
    Path old = left("old.safetensors", Duration.ofHours(25));
    Path young = left("young.safetensors", Duration.ofHours(23));
    files();
    assertThat(old).doesNotExist();
    assertThat(deep).doesNotExist();
    assertThat(young).exists();
    assertThat(folder).exists();
  }

  /** As of a process that was killed a moment ago, and of one that lives. */
  @Test
  void clearsWhatTheDeadLeftAtOnce() throws IOException {
    Path folder = Files.createDirectories(home.resolve("tmp/files/dead"));
    Files.createFile(home.resolve("tmp/files/dead.lock"));
    Path young = left("files/dead/young.upload", Duration.ZERO);
    TemporaryFiles living = files();
    Path used = Files.createFile(living.file(".upload").path());
    assertThat(files().directory()).isNotEqualTo(living.directory()).isEmptyDirectory();
    assertThat(young).doesNotExist();
    assertThat(folder).doesNotExist();
    assertThat(used).exists();
  }

  private TemporaryFiles files() throws IOException {
    return new TemporaryFiles(
        new OnecycleProperties(home, Role.ALL), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private Path left(String name, Duration ago) throws IOException {
    Path file = Files.createFile(home.resolve("tmp").resolve(name));
    return Files.setLastModifiedTime(file, FileTime.from(NOW.minus(ago)));
  }
}
