package dev.onecycle.dataset.pixels;

import dev.onecycle.image.Picture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Decodes every picture of a pack and resizes it, into the file that {@link PixelFile} reads. */
public final class PixelWriter {

  private final PackedPictures pack;
  private final PixelLayout layout;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicBoolean givenUp = new AtomicBoolean();

  public PixelWriter(PackedPictures pack, int itemSize) {
    this.pack = pack;
    layout = new PixelLayout(pack.index(), itemSize);
  }

  /** How many bytes the file will have. */
  public long bytes() {
    return layout.total();
  }

  /**
   * Writes the file. It is complete when this returns, and to be deleted when this throws.
   *
   * @param threads how many decode at once
   * @param progress told how many pictures are done, by any of them
   * @throws CancellationException once {@code stopRequested}
   */
  public void write(Path file, int threads, IntConsumer progress, BooleanSupplier stopRequested)
      throws IOException {
    ExecutorService workers = Executors.newFixedThreadPool(threads, PixelWriter::thread);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(workers.submit(() -> decode(out, progress, stopRequested)));
      }
      await(all);
    } finally {
      workers.shutdown();
    }
    if (stopRequested.getAsBoolean()) {
      throw new CancellationException("a stop was requested");
    }
  }

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "pixels");
    thread.setDaemon(true);
    return thread;
  }

  private Void decode(FileChannel out, IntConsumer progress, BooleanSupplier stopRequested)
      throws IOException {
    try {
      for (int i = next.getAndIncrement(); i < layout.size(); i = next.getAndIncrement()) {
        if (givenUp.get() || stopRequested.getAsBoolean()) {
          return null;
        }
        write(out, i);
        progress.accept(done.incrementAndGet());
      }
      return null;
    } catch (IOException | RuntimeException | Error e) {
      givenUp.set(true);
      throw e;
    }
  }

  private void write(FileChannel out, int i) throws IOException {
    Picture picture = layout.presize().whole(pack.picture(i));
    int pixels = picture.length();
    if (pixels + PixelLayout.CHECKSUM != layout.length(i)) {
      throw new IllegalStateException(
          "picture %d has %dx%d pixels, its index says %dx%d. This is a bug."
              .formatted(i, picture.width(), picture.height(), layout.width(i), layout.height(i)));
    }
    write(out, ByteBuffer.wrap(picture.rgb(), 0, pixels), layout.offset(i));
    ByteBuffer checksum = ByteBuffer.allocate(PixelLayout.CHECKSUM);
    checksum.putInt(0, PixelFile.checksum(picture.rgb(), pixels));
    write(out, checksum, layout.offset(i) + pixels);
  }

  private static void write(FileChannel out, ByteBuffer bytes, long offset) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes, offset + bytes.position());
    }
  }

  /** Waits for all of them, so that none still writes, then passes the first failure on. */
  private static void await(List<Future<?>> all) throws IOException {
    ExecutionException failed = null;
    for (Future<?> each : all) {
      try {
        each.get();
      } catch (ExecutionException e) {
        failed = failed == null ? e : failed;
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted while pictures were decoded", e);
      }
    }
    if (failed != null) {
      if (failed.getCause() instanceof IOException io) {
        throw io;
      }
      if (failed.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed.getCause();
    }
  }
}
