package dev.onecycle.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.platform.Failure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store promises; each backend extends this. */
abstract class BlobStoreContract {

  /** SHA-256 of the three letters "abc", from FIPS 180-2. */
  private static final String SHA_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path temporary;

  abstract BlobStore store();

  @Test
  void givesBackWhatItWasGiven() throws IOException {
    Blob blob = store().put("a/b.bin", stream("abc"));

    assertThat(blob).isEqualTo(new Blob("a/b.bin", 3, SHA_OF_ABC));
    assertThat(read("a/b.bin")).isEqualTo("abc");
    assertThat(store().size("a/b.bin")).isEqualTo(3);
    assertThat(store().file(blob)).hasContent("abc");
    store().verify(blob);
  }

  @Test
  void knowsWhenABlobWasPut() {
    store().put("key", stream("abc"));

    assertThat(store().modified("key")).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void takesAFileOver() throws IOException {
    Path file = Files.writeString(temporary.resolve("mine"), "abc");

    assertThat(store().put("taken", file)).isEqualTo(new Blob("taken", 3, SHA_OF_ABC));
    assertThat(file).doesNotExist();
    assertThat(read("taken")).isEqualTo("abc");
  }

  @Test
  void replacesABlobWhole() throws IOException {
    store().put("key", stream("something longer"));
    store().put("key", stream("short"));

    assertThat(read("key")).isEqualTo("short");
  }

  @Test
  void keepsTheOldBlobWhenAPutBreaksOff() throws IOException {
    store().put("key", stream("old"));

    assertThatThrownBy(() -> store().put("key", breaking("half of the n", "connection reset")))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("connection reset");
    assertThat(read("key")).isEqualTo("old");
    assertThat(store().list("")).containsExactly("key");
  }

  @Test
  void saysThatTheDiskIsFull() {
    assertThatThrownBy(() -> store().put("key", breaking("x", "No space left on device")))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessage("the disk is full: key could not be written");
    assertThat(store().list("")).isEmpty();
  }

  @Test
  void listsByPrefixSortedAndDeletesByPrefix() {
    for (String key : new String[] {"runs/2/b", "runs/1/a", "runs/10/c", "datasets/1"}) {
      store().put(key, stream(key));
    }

    assertThat(store().list("runs/1")).containsExactly("runs/1/a", "runs/10/c");
    assertThat(store().list("runs/1/")).containsExactly("runs/1/a");
    assertThat(store().list("nothing/")).isEmpty();

    store().deleteAll("runs/");
    assertThat(store().list("")).containsExactly("datasets/1");
  }

  @Test
  void deletingTwiceIsNoFailure() {
    Blob blob = store().put("key", stream("abc"));
    store().delete("key");
    store().delete("key");

    assertThatThrownBy(() -> store().get("key")).isInstanceOf(Failure.NotFound.class);
    assertThatThrownBy(() -> store().file(blob)).isInstanceOf(Failure.NotFound.class);
    assertThatThrownBy(() -> store().size("key")).isInstanceOf(Failure.NotFound.class);
    assertThatThrownBy(() -> store().modified("key")).isInstanceOf(Failure.NotFound.class);
  }

  @Test
  void findsDamage() {
    Blob blob = store().put("key", stream("abc"));
    assertThat(store().intact(blob)).isTrue();
    store().put("key", stream("abd"));

    assertThat(store().intact(blob)).isFalse();
    assertThatThrownBy(() -> store().verify(blob))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("key is damaged")
        .hasMessageContaining(SHA_OF_ABC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "../secret",
        "a/../../b",
        "a//b",
        "a/",
        ".incoming/x",
        "a/.hidden",
        "a\\b",
        "a b",
        "a\nb",
        "a\0b",
        "%2e%2e/b",
        "\u00e4"
      })
  void refusesKeysThatCouldLeaveTheStore(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> store().put(key, stream("abc")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store().file(new Blob(key, 3, SHA_OF_ABC)));
    assertThatIllegalArgumentException().isThrownBy(() -> store().delete(key));
  }

  private String read(String key) throws IOException {
    try (InputStream bytes = store().get(key)) {
      return new String(bytes.readAllBytes(), UTF_8);
    }
  }

  static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static InputStream breaking(String start, String message) {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException(message);
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            throw new IOException(message);
          }
        };
    return new SequenceInputStream(stream(start), broken);
  }
}
