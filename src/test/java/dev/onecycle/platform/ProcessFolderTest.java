package dev.onecycle.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessFolderTest {

  @TempDir private Path parent;

  @Test
  void whatTheDeadLeftGoesAndWhatTheLivingHaveStays() throws IOException {
    String dead = UUID.randomUUID().toString();
    Path left = Files.createDirectory(parent.resolve(dead)).resolve("upload.tmp");
    Files.writeString(left, "half an upload");
    Path lock = Files.createFile(parent.resolve(dead + ".lock"));
    Path living = Files.writeString(new ProcessFolder(parent).path().resolve("upload.tmp"), "x");
    assertThat(left.getParent()).doesNotExist();
    assertThat(lock).doesNotExist();
    Path other = new ProcessFolder(parent).path();
    assertThat(living).exists();
    assertThat(other).isEmptyDirectory();
  }
}
