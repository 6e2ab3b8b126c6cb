package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import dev.onecycle.store.StoreProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class OldUploadsTest {

  @TempDir private Path home;

  private Path upload;

  @BeforeEach
  void leaveAnUpload() throws IOException {
    upload = Files.createDirectories(home.resolve("uploads")).resolve("upload");
    Files.writeString(upload, "an archive");
  }

  private void start(@Nullable Path store) throws IOException {
    new OldUploads(
        new OnecycleProperties(home, Role.ALL),
        new StoreProperties(
            StoreProperties.Type.DIRECTORY, store, DataSize.ofMegabytes(1), DataSize.ofBytes(0)));
  }

  @Test
  void uploadsOfAnOlderVersionGo() throws IOException {
    start(null);
    assertThat(upload.getParent()).doesNotExist();
    start(null);
  }

  @Test
  void thoseOfAStoreThatIsTheHomeStay() throws IOException {
    start(home.resolve("elsewhere/.."));
    assertThat(upload).exists();
  }
}
