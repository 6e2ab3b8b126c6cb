package dev.onecycle.serving;

import dev.onecycle.image.DecodeLimits;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Failure;
import dev.onecycle.serving.ViewChoice.Drawn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The network's input of many pictures, made ahead of the device: data threads decode each picture
 * once and write its views into a fixed set of buffers, batch by batch and in order. A picture that
 * cannot be decoded does not spoil the others. For one consuming thread.
 */
final class ViewBatches implements AutoCloseable {

  /** Enough that the device finds one ready while one is being filled. */
  private static final int BUFFERS = 3;

  private final PictureSource pictures;
  private final int batchSize;
  private final List<Drawn> drawn;
  private final Views views;
  private final DecodeLimits limits;
  private final ExecutorService threads;
  private final Deque<FloatBuffer> free = new ArrayDeque<>();
  private final Deque<Filling> ahead = new ArrayDeque<>();
  private FloatBuffer current;
  private int next;
  private volatile boolean closed;

  /**
   * Pictures of one batch.
   *
   * @param first the first one's number, the others follow
   * @param problems one a picture: why it has no views, or null
   * @param pixels [pictures, views, S, S, 3] from position 0 to the limit; what a picture without
   *     views has there means nothing. Valid until the next batch is asked for
   */
  record Batch(int first, List<Failure> problems, FloatBuffer pixels) {}

  /** A batch that data threads are at; each answers why its picture has no views, or null. */
  private record Filling(int first, FloatBuffer pixels, List<Future<Failure>> pictures) {}

  /**
   * Starts at picture {@code from}.
   *
   * @param batchSize pictures at once, at least 1
   * @param drawn the views of each picture
   * @param dataThreads at least 1
   */
  ViewBatches(
      PictureSource pictures,
      int from,
      int batchSize,
      List<Drawn> drawn,
      Views views,
      DecodeLimits limits,
      int dataThreads) {
    this.pictures = pictures;
    this.batchSize = batchSize;
    this.drawn = drawn;
    this.views = views;
    this.limits = limits;
    this.next = from;
    threads = Executors.newFixedThreadPool(dataThreads, ViewBatches::thread);
    int room = Math.multiplyExact(batchSize * drawn.size(), views.length() * Float.BYTES);
    for (int i = 0; i < BUFFERS; i++) {
      free.add(ByteBuffer.allocateDirect(room).order(ByteOrder.nativeOrder()).asFloatBuffer());
    }
    while (ahead.size() < BUFFERS - 1 && next < pictures.size()) {
      start();
    }
  }

  private static Thread thread(Runnable body) {
    Thread thread = new Thread(body, "data");
    thread.setDaemon(true);
    return thread;
  }

  boolean hasNext() {
    return !ahead.isEmpty();
  }

  /** The next batch, once it is ready. */
  Batch next() {
    if (current != null) {
      free.add(current);
    }
    if (next < pictures.size()) {
      start();
    }
    Filling filling = ahead.poll();
    if (filling == null) {
      throw new NoSuchElementException("there are only " + pictures.size() + " pictures");
    }
    current = filling.pixels;
    List<Failure> problems = new ArrayList<>();
    filling.pictures.forEach(picture -> problems.add(await(picture)));
    int numbers = problems.size() * drawn.size() * views.length();
    return new Batch(filling.first, problems, filling.pixels.duplicate().limit(numbers));
  }

  private void start() {
    FloatBuffer pixels = free.remove();
    int end = Math.min(next + batchSize, pictures.size());
    List<Future<Failure>> filling = new ArrayList<>();
    for (int i = next; i < end; i++) {
      int picture = i;
      int offset = (i - next) * drawn.size() * views.length();
      filling.add(threads.submit(() -> fill(picture, pixels, offset)));
    }
    ahead.add(new Filling(next, pixels, filling));
    next = end;
  }

  private Failure fill(int index, FloatBuffer pixels, int offset) {
    if (closed) {
      return null; // nobody wants it any more
    }
    try {
      Picture decoded = PictureDecoder.decode(pictures.bytes(index), limits);
      Picture picture = drawn.size() == 1 ? decoded : views.item(decoded);
      int at = offset;
      for (Drawn view : drawn) {
        views.view(picture, view.draw(), view.crop(), pixels, at);
        at += views.length();
      }
      return null;
    } catch (Failure.Unavailable e) {
      throw e; // the store's fault, not the picture's
    } catch (Failure e) {
      return e;
    }
  }

  private static Failure await(Future<Failure> picture) {
    try {
      return picture.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a picture could not be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for pictures", e);
    }
  }

  /** Interrupts nobody: an interrupted read would close the dataset's file for everybody. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
  }
}
