package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.Packer;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class PixelCacheTest {

  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);
  private static final UUID THIRD = new UUID(0, 3);

  /** Two pictures of 10 x 10 pixels with a checksum each. */
  private static final int BYTES = 2 * (300 + 4);

  @TempDir Path home;

  private final List<String> news = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private PackedPictures pack;

  @BeforeEach
  void draw() throws IOException {
    Path file = home.resolve("pack.zip");
    try (Packer packer = new Packer(file)) {
      for (String path : List.of("a/1.png", "b/1.png")) {
        byte[] png = PictureEncoder.png(new Picture(10, 10, new byte[300]));
        packer.add(PicturePath.of(path), png);
      }
      packer.finish(SplitSpec.byDefault());
    }
    pack = PackedPictures.open(file);
  }

  @AfterEach
  void close() throws IOException {
    pack.close();
  }

  private PixelCache cache(long limit, long reserve) throws IOException {
    DatasetProperties properties =
        new DatasetProperties(
            List.of(),
            DataSize.ofMegabytes(1),
            DataSize.ofMegabytes(1),
            DataSize.ofMegabytes(1),
            10,
            10,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            1,
            1,
            1_000_000,
            DataSize.ofBytes(limit));
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return new PixelCache(
        new OnecycleProperties(home, Role.ALL), properties, new DiskSpace(reserve), clock);
  }

  private void use(PixelCache cache, UUID dataset) throws IOException {
    PixelCache.Watch watch = new PixelCache.Watch(news::add, () -> false);
    try (PixelFile pixels = cache.open(dataset, pack, 10, 1, watch)) {
      assertThat(pixels.picture(1).length()).isEqualTo(300);
    }
  }

  private List<String> kept() throws IOException {
    try (var files = Files.list(home.resolve("pixels"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static String name(UUID dataset) {
    return dataset + "-10.items";
  }

  @Test
  void decodesOnceAndSaysSo() throws IOException {
    PixelCache cache = cache(BYTES, 0);
    use(cache, FIRST);
    assertThat(news).hasSize(2);
    assertThat(news.get(0)).isEqualTo("decoding 2 pictures once, to 0.00 GB");
    assertThat(news.get(1)).startsWith("decoded 2 pictures in ");
    use(cache, FIRST);
    assertThat(news).hasSize(2);
    assertThat(kept()).containsExactly(name(FIRST));
  }

  @Test
  void makesRoomByDeletingWhatWasNotUsedForLongest() throws IOException {
    use(cache(2 * BYTES, 0), FIRST);
    now = now.plusSeconds(10);
    use(cache(2 * BYTES, 0), SECOND);
    now = now.plusSeconds(10);
    use(cache(2 * BYTES, 0), FIRST);
    now = now.plusSeconds(10);
    use(cache(2 * BYTES, 0), THIRD);
    assertThat(kept()).containsExactly(name(FIRST), name(THIRD));
  }

  @Test
  void decodesEveryTimeWhatIsLargerThanTheLimit() throws IOException {
    use(cache(BYTES - 1, 0), FIRST);
    assertThat(news).hasSize(1);
    assertThat(news.get(0))
        .startsWith("pictures are decoded in every epoch: ")
        .contains("onecycle.dataset.pixel-cache");
    assertThat(kept()).isEmpty();
  }

  @Test
  void decodesEveryTimeWhereTheDiskIsTooFull() throws IOException {
    use(cache(BYTES, Long.MAX_VALUE / 2), FIRST);
    assertThat(news).hasSize(1);
    assertThat(news.get(0)).contains("the disk is too full");
    assertThat(kept()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenStopped() throws IOException {
    PixelCache cache = cache(BYTES, 0);
    PixelCache.Watch stopping = new PixelCache.Watch(news::add, () -> true);
    assertThatThrownBy(() -> cache.open(FIRST, pack, 10, 1, stopping))
        .isInstanceOf(CancellationException.class);
    assertThat(kept()).isEmpty();
  }

  @Test
  void clearsWhatAKilledProcessLeft() throws IOException {
    Path left = Files.createDirectories(home.resolve("pixels")).resolve("x.part");
    Files.write(left, new byte[BYTES]);
    Files.setLastModifiedTime(left, FileTime.from(now.minus(Duration.ofHours(23))));
    cache(BYTES, 0);
    assertThat(left).as("it may be at work in the same home").exists();
    Files.setLastModifiedTime(left, FileTime.from(now.minus(Duration.ofHours(25))));
    cache(BYTES, 0);
    assertThat(left).doesNotExist();
  }

  @Test
  void forgetsADatasetThatIsDeleted() throws IOException {
    PixelCache cache = cache(2 * BYTES, 0);
    use(cache, FIRST);
    use(cache, SECOND);
    cache.forget(FIRST);
    assertThat(kept()).containsExactly(name(SECOND));
  }
}
