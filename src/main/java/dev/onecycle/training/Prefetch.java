package dev.onecycle.training;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Numbered batches that data threads fill ahead of their reader, in order, each in a buffer of its
 * own. What a batch holds does not depend on how many threads there are. For one reading thread,
 * which closes it when done or giving up.
 *
 * @param <B> the buffers
 * @param <R> what filling one item of a batch returns
 */
public final class Prefetch<B, R> implements Iterator<Prefetch.Filled<B, R>>, AutoCloseable {

  /** Enough that the device finds a batch ready while another one is being filled. */
  public static final int BUFFERS = 3;

  private final DataThreads threads;
  private final Ring<B> ring;
  private final Source<B, R> source;
  private final int end;
  private final Deque<Pending<B, R>> ahead = new ArrayDeque<>();
  private @Nullable Pending<B, R> current;
  private int started;
  private long waitedNanos;

  /** The work that fills batches. */
  @FunctionalInterface
  public interface Source<B, R> {

    /** Returns one call per item, each of which any thread may make once. */
    List<Callable<R>> items(int batch, B buffer);
  }

  /**
   * A batch that is ready.
   *
   * @param buffer valid until the next batch is asked for
   * @param results one per item; not copied
   */
  public record Filled<B, R>(int batch, B buffer, List<R> results) {}

  /** A batch that threads are at. */
  private record Pending<B, R>(
      int batch, B buffer, List<Future<R>> items, AtomicBoolean abandoned) {

    List<R> await() {
      List<R> results = new ArrayList<>(items.size());
      try {
        for (Future<R> item : items) {
          results.add(item.get());
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("a picture could not be made", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for pictures", e);
      }
      return results;
    }

    /** Leaves out what has not begun, and waits until no thread writes to its buffer any more. */
    void abandon() {
      abandoned.set(true);
      boolean interrupted = false;
      for (Future<R> item : items) {
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

  /**
   * Starts to fill batches {@code from} to {@code end} - 1.
   *
   * @param ring at least {@value #BUFFERS} buffers, of which no other prefetch takes any until this
   *     one is closed
   */
  public Prefetch(DataThreads threads, Ring<B> ring, int from, int end, Source<B, R> source) {
    this.threads = threads;
    this.ring = ring;
    this.source = source;
    this.end = end;
    started = from;
    while (started < Math.min(end, from + BUFFERS - 1)) {
      start();
    }
  }

  @Override
  public boolean hasNext() {
    return !ahead.isEmpty() || started < end;
  }

  /**
   * Waits for the next batch.
   *
   * @throws RuntimeException that filling one of its items threw
   */
  @Override
  public Filled<B, R> next() {
    settle();
    if (started < end) {
      start();
    }
    Pending<B, R> pending = ahead.poll();
    if (pending == null) {
      throw new NoSuchElementException("there are only " + end + " batches");
    }
    current = pending;
    long before = System.nanoTime();
    List<R> results = pending.await();
    waitedNanos = System.nanoTime() - before;
    return new Filled<>(pending.batch, pending.buffer, results);
  }

  /** Returns how long the last batch made its reader wait, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }

  private void start() {
    int batch = started++;
    B buffer = ring.take();
    AtomicBoolean abandoned = new AtomicBoolean();
    List<Future<R>> items =
        source.items(batch, buffer).stream()
            .map(item -> threads.submit(() -> abandoned.get() ? null : item.call()))
            .toList();
    ahead.add(new Pending<>(batch, buffer, items, abandoned));
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
    ahead.forEach(Pending::abandon);
    ahead.forEach(pending -> ring.unsent(pending.buffer));
    ahead.clear();
    settle();
  }
}
