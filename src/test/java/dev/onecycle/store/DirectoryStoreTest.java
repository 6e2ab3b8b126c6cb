package dev.onecycle.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest extends BlobStoreContract {

  @TempDir Path root;
  private DirectoryStore store;

  @BeforeEach
  void open() {
    store = store(0, Instant.EPOCH);
  }

  @Override
  BlobStore store() {
    return store;
  }

  private DirectoryStore store(long reserve, Instant now) {
    return new DirectoryStore(root, new DiskSpace(reserve), now);
  }

  @Test
  void clearsWhatAKilledProcessLeftHalfWritten() throws IOException {
    Path left = Files.writeString(root.resolve(".incoming").resolve("half"), "abc");
    Instant written = Files.getLastModifiedTime(left).toInstant();

    assertThat(store(0, written.plusSeconds(3600)).list("")).isEmpty();
    assertThat(left).exists();
    assertThat(store(0, written.plusSeconds(2 * 86_400)).list("")).isEmpty();
    assertThat(left).doesNotExist();
  }

  @Test
  void writesNothingThatWouldEatTheReserve() {
    DirectoryStore full = store(Long.MAX_VALUE / 2, Instant.EPOCH);

    assertThatThrownBy(() -> full.put("key", stream("abc")))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("the disk is too full");
    assertThat(full.list("")).isEmpty();
  }
}
