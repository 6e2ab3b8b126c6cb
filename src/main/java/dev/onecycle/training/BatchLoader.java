package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.BatchCrop;
import dev.onecycle.image.Picture;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Staging;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Makes batches ahead of the device: a few data threads fill a fixed set of buffers, in order. What
 * a batch holds does not depend on how many threads there are.
 */
public final class BatchLoader implements AutoCloseable {

  /** Enough that the device finds one ready while one is being filled. */
  private static final int BUFFERS = 3;

  /** More of them where the device copies by itself: so many steps go by until it is waited for. */
  private static final int SENT = 5;

  /** The picture that a data thread looked at last, whose memory the next one may take. */
  private static final ThreadLocal<Picture> SPENT = new ThreadLocal<>();

  private final ExecutorService threads;
  private final DType precision;
  private Staging staging;
  private Ring<BatchBuffer> ring;
  private int capacity;
  private boolean passing;
  private long waitedNanos;

  /**
   * A loader of its own threads, for the torch thread that makes it.
   *
   * @param threads how many data threads, at least 1
   * @param precision what pictures are rounded to: float32 or bfloat16
   */
  public BatchLoader(int threads, DType precision) {
    this.precision = precision;
    this.threads =
        Executors.newFixedThreadPool(
            threads,
            body -> {
              Thread thread = new Thread(body, "data");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * The batches of one pass; the pass before must be closed.
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
      Drawing drawing) {
    if (passing) {
      throw new IllegalStateException("two passes at a time. This is a bug.");
    }
    provide(Math.multiplyExact(Math.min(batchSize, order.length), views.length()));
    int count = dropLast ? order.length / batchSize : (order.length + batchSize - 1) / batchSize;
    return new LoaderPass(pictures, order, batchSize, from, count, views, drawing);
  }

  /**
   * Makes room for batches of so many numbers, once for all passes of at most so many: page-locked
   * memory that is freed stays with the process, in sizes that a larger batch cannot use.
   */
  void provide(int numbers) {
    if (ring == null || capacity < numbers) {
      freeBuffers();
      staging = new Staging(precision);
      capacity = numbers;
      int buffers = BUFFERS + (staging.isCopied() ? SENT : 0);
      ring =
          new Ring<>(
              Stream.generate(() -> new BatchBuffer(staging, numbers)).limit(buffers).toList(),
              staging::sync);
    }
  }

  private void freeBuffers() {
    ring = null;
    if (staging != null) {
      staging.close();
    }
  }

  /** How long {@link Batches.Pass#next} has waited since the last call, in nanoseconds. */
  public long takeWaitedNanos() {
    long waited = waitedNanos;
    waitedNanos = 0;
    return waited;
  }

  @Override
  public void close() {
    // Never interrupts: an interrupted read would close the dataset's file for everybody.
    threads.shutdown();
    awaitTermination(); // INVARIANT: nothing writes to a buffer that is freed.
    freeBuffers();
  }

  private void awaitTermination() {
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** One pass over the pictures; to be closed, so that no thread still fills its buffers. */
  private final class LoaderPass implements Batches.Pass {

    private final Pictures pictures;
    private final int[] order;
    private final int batchSize;
    private final int count;
    private final Views views;
    private final Drawing drawing;
    private final Deque<Filling> ahead = new ArrayDeque<>();
    private Filling current;
    private int started;

    LoaderPass(
        Pictures pictures,
        int[] order,
        int batchSize,
        int from,
        int count,
        Views views,
        Drawing drawing) {
      this.pictures = pictures;
      this.order = order;
      this.batchSize = batchSize;
      this.count = count;
      this.views = views;
      this.drawing = drawing;
      started = from;
      passing = true;
      while (started < Math.min(count, from + BUFFERS - 1)) {
        ahead.add(start());
      }
    }

    @Override
    public boolean hasNext() {
      return started < count || !ahead.isEmpty();
    }

    /** The next batch; the one before it is no longer valid. */
    @Override
    public Batch next() {
      settle();
      if (started < count) {
        ahead.add(start());
      }
      Filling filling = ahead.poll();
      if (filling == null) {
        throw new NoSuchElementException("the pass has only " + count + " batches");
      }
      current = filling;
      long before = System.nanoTime();
      filling.await();
      waitedNanos += System.nanoTime() - before;
      return filling.batch;
    }

    private Filling start() {
      int batch = started++;
      int from = batch * batchSize;
      int n = Math.min(batchSize, order.length - from);
      BatchCrop crop = drawing.crop(batch);
      BatchBuffer buffer = ring.take();
      long[] labels = new long[n];
      List<Future<?>> items = new ArrayList<>(n);
      AtomicBoolean abandoned = new AtomicBoolean();
      for (int i = 0; i < n; i++) {
        int picture = order[from + i];
        int offset = i * views.length();
        labels[i] = pictures.label(picture);
        items.add(
            threads.submit(
                () -> {
                  if (!abandoned.get()) {
                    ViewDraw draw = drawing.view(picture);
                    Picture seen = pictures.picture(picture, SPENT.get());
                    buffer.view(views, seen, draw, crop, offset);
                    SPENT.set(seen);
                  }
                }));
      }
      return new Filling(buffer, new Batch(buffer, views.size(), labels), items, abandoned);
    }

    /** Takes back the buffer that was handed out last. */
    private void settle() {
      if (current != null) {
        current.abandon(); // INVARIANT: nothing writes to a buffer that goes on or is freed.
        ring.sent(current.buffer);
        current = null;
      }
    }

    @Override
    public void close() {
      ahead.forEach(Filling::abandon);
      ahead.forEach(filling -> ring.unsent(filling.buffer));
      ahead.clear();
      settle();
      passing = false;
    }
  }

  /** A batch whose pictures are being made. */
  private record Filling(
      BatchBuffer buffer, Batch batch, List<Future<?>> items, AtomicBoolean abandoned) {

    void await() {
      try {
        for (Future<?> item : items) {
          item.get();
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("a picture could not be made", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for pictures", e);
      }
    }

    /** Leaves out what has not begun, and waits until no thread writes to its buffer any more. */
    void abandon() {
      abandoned.set(true);
      boolean interrupted = false;
      for (Future<?> item : items) {
        while (!item.isDone()) {
          try {
            item.get();
          } catch (ExecutionException e) {
            // Nobody wants this batch any more, nor its failure.
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
