package dev.onecycle.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.SmallDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full. */
class FullDiskTest {

  private static final byte[] BYTES = new byte[100_000];

  @TempDir private Path directory;

  @Test
  void keepsWhatItHasAndGoesOnOnceThereIsSpace() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(directory, 1)) {
      BlobStore store = new DirectoryStore(disk.path(), new DiskSpace(0), Instant.EPOCH);
      Blob kept = store.put("kept", bytes());
      disk.fill();
      assertThatThrownBy(() -> store.put("lost", bytes()))
          .isInstanceOf(Failure.Unavailable.class)
          .hasMessageContaining("disk is full");
      assertThatThrownBy(() -> store.put("kept", bytes())).isInstanceOf(Failure.Unavailable.class);
      assertThat(store.intact(kept)).isTrue();
      assertThat(store.list("")).contains("kept").doesNotContain("lost");

      disk.makeSpace();
      assertThat(files()).as("nothing is left of what did not fit").isEqualTo(1);
      store.put("lost", bytes());
      assertThat(store.list("")).containsExactly("kept", "lost");
    }
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static InputStream bytes() {
    return new ByteArrayInputStream(BYTES);
  }
}
