package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackedPictures;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.dataset.pixels.PixelWriter;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Reason;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.springframework.stereotype.Component;

/**
 * Datasets as pixels at an item size on this host's disk, so that no run decodes or resizes a
 * picture twice. The files take a bounded space, of which those go first that were not used for
 * longest; any may be deleted at any time, since everything in them is in the store.
 */
@Component
public class PixelCache {

  private static final String UNFINISHED = ".part";
  private static final long BETWEEN_NEWS = TimeUnit.SECONDS.toNanos(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Path directory;
  private final long limit;
  private final DiskSpace space;
  private final Clock clock;

  PixelCache(
      OnecycleProperties onecycle, DatasetProperties properties, DiskSpace space, Clock clock)
      throws IOException {
    directory = Files.createDirectories(onecycle.home().resolve("pixels"));
    long yesterday = clock.instant().minus(Duration.ofDays(1)).toEpochMilli();
    for (Path left : files()) {
      // A younger one may be another process's, at work in the same home.
      if (left.toString().endsWith(UNFINISHED) && left.toFile().lastModified() < yesterday) {
        Files.deleteIfExists(left);
      }
    }
    limit = properties.pixelCache().toBytes();
    this.space = space;
    this.clock = clock;
  }

  /** What a caller hears while pictures are decoded, and how it ends that. */
  public record Watch(Consumer<String> news, BooleanSupplier stopRequested) {}

  /**
   * The pictures of {@code pack} for one item size: from the file, which is written now if there is
   * none yet; where there is no room for it, decoded whenever they are asked for. To be closed by
   * the caller, before the pack.
   *
   * @param threads how many decode at once
   * @throws CancellationException once a stop is requested
   */
  public PixelFile open(UUID dataset, PackedPictures pack, int itemSize, int threads, Watch watch) {
    PixelWriter writer = new PixelWriter(pack, itemSize);
    Path file = directory.resolve("%s-%d.items".formatted(dataset, itemSize));
    try {
      if (!Files.exists(file)) {
        writeInTurn(writer, file, pack.size(), threads, watch);
      }
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      return PixelFile.open(file, pack, itemSize);
    } catch (IOException | Failure.Unavailable e) {
      String reason = e instanceof IOException io ? Reason.of(io) : e.getMessage();
      watch.news.accept("pictures are decoded in every epoch: " + reason);
      return PixelFile.none(pack, itemSize);
    }
  }

  private void writeInTurn(PixelWriter writer, Path file, int pictures, int threads, Watch watch)
      throws IOException {
    waitForTurn(watch);
    try {
      if (!Files.exists(file)) {
        makeRoom(writer.bytes());
        write(writer, file, pictures, threads, watch);
      }
    } finally {
      lock.unlock();
    }
  }

  /** One file is written at a time: a second writer would only take the first one's cores. */
  private void waitForTurn(Watch watch) {
    try {
      while (!lock.tryLock(200, TimeUnit.MILLISECONDS)) {
        requireWanted(watch);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting to decode", e);
    }
  }

  private static void requireWanted(Watch watch) {
    if (watch.stopRequested.getAsBoolean()) {
      throw new CancellationException("a stop was requested");
    }
  }

  private void write(PixelWriter writer, Path file, int pictures, int threads, Watch watch)
      throws IOException {
    Path unfinished = directory.resolve(UUID.randomUUID() + UNFINISHED);
    long begun = System.nanoTime();
    watch.news.accept(
        String.format(
            Locale.ROOT, "decoding %,d pictures once, to %s", pictures, gigabytes(writer.bytes())));
    try {
      writer.write(unfinished, threads, new News(pictures, watch.news), watch.stopRequested);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    watch.news.accept(
        String.format(Locale.ROOT, "decoded %,d pictures in %.1f s", pictures, seconds));
  }

  /** Deletes the files that were used longest ago until {@code bytes} more fit. */
  private void makeRoom(long bytes) throws IOException {
    if (bytes > limit) {
      throw new IOException(
          "%s > onecycle.dataset.pixel-cache %s".formatted(gigabytes(bytes), gigabytes(limit)));
    }
    List<Path> oldestFirst = files();
    oldestFirst.sort(Comparator.comparing(file -> file.toFile().lastModified()));
    long used = oldestFirst.stream().mapToLong(file -> file.toFile().length()).sum();
    for (Path file : oldestFirst) {
      if (used + bytes <= limit) {
        break;
      }
      used -= file.toFile().length();
      Files.deleteIfExists(file);
    }
    space.require(directory, bytes);
  }

  /** Deletes what is kept of a dataset; whoever reads it can go on. */
  void forget(UUID dataset) {
    try {
      for (Path file : files()) {
        if (file.getFileName().toString().startsWith(dataset + "-")) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new Failure.Unavailable("pixels could not be deleted: " + Reason.of(e), null, e);
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory)) {
      return new ArrayList<>(files.toList());
    }
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.2f GB", bytes / 1e9);
  }

  /** Says now and then how far it is. */
  private static final class News implements IntConsumer {
    private final int pictures;
    private final Consumer<String> news;
    private long last = System.nanoTime();

    private News(int pictures, Consumer<String> news) {
      this.pictures = pictures;
      this.news = news;
    }

    @Override
    public synchronized void accept(int done) {
      if (done < pictures && System.nanoTime() - last > BETWEEN_NEWS) {
        last = System.nanoTime();
        news.accept(String.format(Locale.ROOT, "decoded %,d of %,d pictures", done, pictures));
      }
    }
  }
}
