package dev.onecycle.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.testing.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3StoreIT extends BlobStoreContract {

  private static final int MEGABYTE = 1 << 20;

  private static S3Server server;

  @TempDir private Path cache;
  private String bucket;
  private S3Store store;

  @BeforeAll
  static void start() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void open() {
    bucket = server.newBucket();
    store = store(bucket, server.endpoint());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  BlobStore store() {
    return store;
  }

  private S3Store store(String inBucket, URI endpoint) {
    S3Properties properties = new S3Properties(inBucket, "us-east-1", endpoint, "some/", true);
    LocalCopies copies = new LocalCopies(cache, 64 * MEGABYTE, new DiskSpace(0), Clock.systemUTC());
    return new S3Store(properties, copies, 5 * MEGABYTE);
  }

  @Test
  void aLargeFileGoesInPartsAndComesBackWhole() throws IOException {
    byte[] bytes = new byte[11 * MEGABYTE];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(temporary.resolve("large"), bytes);

    Blob blob = store.put("large", file);
    assertThat(store.size("large")).isEqualTo(bytes.length);
    try (S3Store elsewhere = store(bucket, server.endpoint())) {
      Files.delete(elsewhere.file(blob));
      assertThat(elsewhere.file(blob)).hasBinaryContent(bytes);
    }
  }

  @Test
  void whatWasFetchedOnceIsNotFetchedAgain() {
    Blob blob = store.put("key", stream("abc"));
    Path copy = store.file(blob);
    store.delete("key");
    assertThat(store.file(blob)).isEqualTo(copy).hasContent("abc");
  }

  @Test
  void whatIsPutAwayTakesNoRoomHere() throws IOException {
    Path file = Files.writeString(temporary.resolve("away"), "abc");
    Blob blob = store.putAway("key", file);
    assertThat(file).doesNotExist();
    assertThat(cache).isEmptyDirectory();
    assertThat(store.file(blob)).hasContent("abc");
  }

  @Test
  void replacesACopyThatIsDamaged() throws IOException {
    Blob blob = store.put("key", stream("abc"));
    Files.writeString(store.file(blob), "abd");
    store.verify(blob);
    assertThat(store.file(blob)).hasContent("abc");
  }

  @Test
  void givesNoFileWhoseBytesAreOthers() {
    Blob blob = store.put("key", stream("abc"));
    store.put("key", stream("abd"));
    assertThatThrownBy(() -> store.file(blob))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("key is damaged");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void seesOnlyWhatLiesBelowItsPrefix() {
    store.put("key", stream("abc"));
    S3Properties wider = new S3Properties(bucket, "us-east-1", server.endpoint(), null, true);
    LocalCopies copies = new LocalCopies(cache, 0, new DiskSpace(0), Clock.systemUTC());
    try (S3Store whole = new S3Store(wider, copies)) {
      whole.put("other", stream("abc"));
      assertThat(whole.list("")).containsExactly("other", "some/key");
    }
    assertThat(store.list("")).containsExactly("key");
  }

  @Test
  void saysWhichBucketIsNotThere() {
    try (S3Store nowhere = store("no-such-bucket", server.endpoint())) {
      assertThatThrownBy(() -> nowhere.put("key", stream("abc")))
          .isInstanceOf(Failure.Unavailable.class)
          .hasMessageContaining("no-such-bucket");
      assertThat(cache).isEmptyDirectory();
    }
  }
}
