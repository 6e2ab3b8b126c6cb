package dev.onecycle.work;

import dev.onecycle.evaluation.ViewChoice.Drawn;
import dev.onecycle.image.DecodeLimits;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.image.Views;
import dev.onecycle.platform.Failure;
import dev.onecycle.training.DataThreads;
import dev.onecycle.training.Prefetch;
import dev.onecycle.training.Ring;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The network's input of many pictures, made ahead of the device: data threads decode each picture
 * once and write its views into a fixed set of buffers, batch by batch and in order. A picture that
 * cannot be decoded does not spoil the others. For one consuming thread.
 */
final class ViewBatches implements AutoCloseable {

  private final PictureSource pictures;
  private final int from;
  private final int batchSize;
  private final List<Drawn> drawn;
  private final Views views;
  private final DecodeLimits limits;
  private final DataThreads threads;
  private final Prefetch<FloatBuffer, Failure> ahead;

  /**
   * Pictures of one batch.
   *
   * @param first the first one's number, the others follow
   * @param problems one a picture: why it has no views, or null
   * @param pixels [pictures, views, S, S, 3] from position 0 to the limit; what a picture without
   *     views has there means nothing. Valid until the next batch is asked for
   */
  record Batch(int first, List<@Nullable Failure> problems, FloatBuffer pixels) {}

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
    this.from = from;
    threads = new DataThreads(dataThreads);
    int room = Math.multiplyExact(batchSize * drawn.size(), views.length() * Float.BYTES);
    List<FloatBuffer> buffers =
        Stream.generate(
                () ->
                    ByteBuffer.allocateDirect(room).order(ByteOrder.nativeOrder()).asFloatBuffer())
            .limit(Prefetch.BUFFERS)
            .toList();
    int batches = (pictures.size() - from + batchSize - 1) / batchSize;
    // What is sent is copied at once: there is nothing to wait for.
    ahead = new Prefetch<>(threads, new Ring<>(buffers, () -> {}), 0, batches, this::items);
  }

  boolean hasNext() {
    return ahead.hasNext();
  }

  /** Returns the next batch, once it is ready. */
  Batch next() {
    Prefetch.Filled<FloatBuffer, Failure> filled = ahead.next();
    List<Failure> problems = filled.results();
    int numbers = problems.size() * drawn.size() * views.length();
    return new Batch(first(filled.batch()), problems, filled.buffer().duplicate().limit(numbers));
  }

  private int first(int batch) {
    return from + batch * batchSize;
  }

  private List<Callable<Failure>> items(int batch, FloatBuffer pixels) {
    int first = first(batch);
    int each = drawn.size() * views.length();
    return IntStream.range(first, Math.min(first + batchSize, pictures.size()))
        .<Callable<Failure>>mapToObj(i -> () -> fill(i, pixels, (i - first) * each))
        .toList();
  }

  private @Nullable Failure fill(int index, FloatBuffer pixels, int offset) {
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

  @Override
  public void close() {
    ahead.close();
    threads.close();
  }
}
