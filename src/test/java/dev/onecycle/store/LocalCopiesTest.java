package dev.onecycle.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import java.io.ByteArrayInputStream;
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

class LocalCopiesTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  @Test
  void forgetsWhatWasNotUsedForLongestOnceThereIsTooMuch() throws IOException {
    Path first = copy(0, "first");
    Path second = copy(120, "second");
    assertThat(copy(240, "first")).isEqualTo(first);
    Path third = copy(360, "third");
    assertThat(second).doesNotExist();
    assertThat(first).exists();
    assertThat(third).hasContent("third");
  }

  @Test
  void keepsWhatWasJustGivenAlsoBeyondTheLimit() throws IOException {
    Path first = copy(0, "first");
    Path second = copy(1, "second");
    Path third = copy(2, "third");
    assertThat(first).exists();
    assertThat(second).exists();
    assertThat(third).exists();
    copies(120);
    assertThat(first).doesNotExist();
    assertThat(second).exists();
    assertThat(third).exists();
  }

  @Test
  void clearsWhatAKilledProcessLeftHalfFetched() throws IOException {
    Path half = Files.writeString(copies(0).incoming(), "ha");
    Files.setLastModifiedTime(half, FileTime.from(START));
    copies(3600);
    assertThat(half).exists();
    copies(3600 * 25);
    assertThat(half).doesNotExist();
  }

  @Test
  void writesNothingThatWouldEatTheReserve() {
    LocalCopies full =
        new LocalCopies(directory, 12, new DiskSpace(Long.MAX_VALUE / 2), Clock.systemUTC());
    assertThatThrownBy(() -> full.get(blob("first"), () -> BlobStoreContract.stream("first")))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("too full");
  }

  private Path copy(int second, String text) throws IOException {
    return copies(second).get(blob(text), () -> BlobStoreContract.stream(text));
  }

  /** A cache of twelve bytes, so many seconds after the start. */
  private LocalCopies copies(int second) {
    Clock clock = Clock.fixed(START.plus(Duration.ofSeconds(second)), ZoneOffset.UTC);
    return new LocalCopies(directory, 12, new DiskSpace(0), clock);
  }

  private static Blob blob(String text) throws IOException {
    return Checksum.of(text, new ByteArrayInputStream(text.getBytes(ISO_8859_1)));
  }
}
