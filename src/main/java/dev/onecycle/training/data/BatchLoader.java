package dev.onecycle.training.data;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Picture;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.StagingMemory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A maker of batches ahead of the device: data threads fill a fixed set of buffers, in order. What
 * a batch holds does not depend on how many threads there are.
 */
public final class BatchLoader implements AutoCloseable {

  /** More buffers where the device copies by itself: so many steps go by until it is waited for. */
  private static final int SENT = 5;

  /** The picture that a data thread looked at last, whose memory the next one may take. */
  private static final ThreadLocal<Picture> SPENT = new ThreadLocal<>();

  private final DataThreads threads;
  private final DType precision;
  private @Nullable StagingMemory staging;
  private @Nullable Ring<BatchBuffer> ring;
  private int capacity;
  private boolean passing;
  private long waitedNanos;

  /**
   * Makes a loader of its own threads, for the torch thread that makes it.
   *
   * @param threads how many data threads, at least 1
   * @param precision what pictures are rounded to: float32 or bfloat16
   */
  public BatchLoader(int threads, DType precision) {
    this.precision = precision;
    this.threads = new DataThreads(threads);
  }

  /**
   * Returns the batches of one pass; the pass before must be closed.
   *
   * @param order indices into {@code pictures}
   * @param dropLast whether a last batch of fewer pictures is left out
   * @param from how many batches are left out at the beginning
   */
  public Batches.Pass pass(
      Pictures pictures,
      int[] order,
      int batchSize,
      boolean dropLast,
      int from,
      Views views,
      ViewDraws drawing) {
    if (passing) {
      throw new IllegalStateException("two passes at a time. This is a bug.");
    }
    Ring<BatchBuffer> ring =
        ring(Math.multiplyExact(Math.min(batchSize, order.length), views.length()));
    int count = dropLast ? order.length / batchSize : (order.length + batchSize - 1) / batchSize;
    return new LoaderPass(ring, pictures, order, batchSize, from, count, views, drawing);
  }

  /**
   * Makes room for batches of so many numbers, once for all passes of at most so many: page-locked
   * memory that is freed stays with the process, in sizes that a larger batch cannot use.
   */
  public void provide(int numbers) {
    ring(numbers);
  }

  private Ring<BatchBuffer> ring(int numbers) {
    if (ring == null || capacity < numbers) {
      freeBuffers();
      StagingMemory fresh = new StagingMemory(precision);
      staging = fresh;
      capacity = numbers;
      int buffers = Prefetch.BUFFERS + (fresh.isCopied() ? SENT : 0);
      ring =
          new Ring<>(
              Stream.generate(() -> new BatchBuffer(fresh, numbers)).limit(buffers).toList(),
              fresh::sync);
    }
    return ring;
  }

  private void freeBuffers() {
    ring = null;
    if (staging != null) {
      staging.close();
    }
  }

  /** Returns how long {@link Batches.Pass#next} has waited since the last call, in nanoseconds. */
  public long takeWaitedNanos() {
    long waited = waitedNanos;
    waitedNanos = 0;
    return waited;
  }

  @Override
  public void close() {
    threads.close(); // INVARIANT: nothing writes to a buffer that is freed.
    freeBuffers();
  }

  /** One pass over the pictures; to be closed, so that no thread still fills its buffers. */
  private final class LoaderPass implements Batches.Pass {

    private final Pictures pictures;
    private final int[] order;
    private final int batchSize;
    private final Views views;
    private final ViewDraws drawing;
    private final Prefetch<BatchBuffer, Void> ahead;

    LoaderPass(
        Ring<BatchBuffer> ring,
        Pictures pictures,
        int[] order,
        int batchSize,
        int from,
        int count,
        Views views,
        ViewDraws drawing) {
      this.pictures = pictures;
      this.order = order;
      this.batchSize = batchSize;
      this.views = views;
      this.drawing = drawing;
      passing = true;
      ahead = new Prefetch<>(threads, ring, from, count, this::items);
    }

    @Override
    public boolean hasNext() {
      return ahead.hasNext();
    }

    /** Returns the next batch; the one before it is no longer valid. */
    @Override
    public Batch next() {
      Prefetch.Filled<BatchBuffer, Void> filled = ahead.next();
      waitedNanos += ahead.waitedNanos();
      long[] labels = members(filled.batch()).mapToLong(pictures::label).toArray();
      return new Batch(filled.buffer(), views.size(), labels);
    }

    private IntStream members(int batch) {
      int from = batch * batchSize;
      return Arrays.stream(order, from, Math.min(from + batchSize, order.length));
    }

    private List<Callable<Void>> items(int batch, BatchBuffer buffer) {
      int[] members = members(batch).toArray();
      return IntStream.range(0, members.length)
          .mapToObj(i -> item(members[i], batch, buffer, i * views.length()))
          .toList();
    }

    private Callable<Void> item(int picture, int batch, BatchBuffer buffer, int offset) {
      return () -> {
        ViewDraw draw = drawing.view(picture);
        BatchCrop crop = drawing.crop(batch, picture);
        Picture seen = pictures.picture(picture, SPENT.get());
        buffer.view(views, seen, draw, crop, offset);
        SPENT.set(seen);
        return null;
      };
    }

    @Override
    public void close() {
      ahead.close();
      passing = false;
    }
  }
}
