package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.check;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass of a fixed number of pictures of one size, as oneDNN's primitives one after the
 * other: each was made once, with the layouts in which it is fastest and the memory that it reads
 * and writes. So a pass describes nothing and allocates nothing.
 *
 * <p>For the thread that built it alone: oneDNN keeps the scratch memory of a primitive with that
 * thread.
 */
public final class Chain implements AutoCloseable {

  private final Thread owner = Thread.currentThread();
  private final Handles handles;
  private final List<Step> steps;
  private final int threads;
  private final long stream;
  private final long input;
  private final long inputBytes;
  private final Block answer;

  /**
   * Made by a {@link ChainBuilder}.
   *
   * @param handles all that the steps need
   * @param input the pictures' memory, whose address each pass sets
   * @param answer what the last step writes
   */
  Chain(Handles handles, List<Step> steps, int threads, long input, long inputBytes, Block answer) {
    this.handles = handles;
    this.steps = List.copyOf(steps);
    this.threads = threads;
    this.input = input;
    this.inputBytes = inputBytes;
    this.answer = answer;
    stream = handles.keep(OneDnn.stream(), OneDnn::dnnl_stream_destroy);
  }

  /** Returns why there are none on this machine; null if there are. */
  public static @Nullable String missing() {
    return OneDnn.missing();
  }

  /**
   * Computes the logits of pictures.
   *
   * @param pixels [pictures, side, side, 3] float32, all of a direct buffer
   * @param logits [pictures, labels], overwritten
   * @throws IllegalArgumentException if either is of another size
   * @throws IllegalStateException on another thread than the one that built it
   * @throws dev.onecycle.torch.TorchException if oneDNN fails
   */
  public void run(ByteBuffer pixels, float[] logits) {
    requireOwner();
    requireSize(pixels.capacity(), inputBytes);
    requireSize(logits.length * (long) Float.BYTES, answer.bytes());
    OneDnn.omp_set_num_threads(threads);
    long address = Pointer.nativeValue(Native.getDirectBufferPointer(pixels));
    check(OneDnn.dnnl_memory_set_data_handle(input, address));
    try {
      for (Step step : steps) {
        step.run(stream);
      }
    } finally {
      Reference.reachabilityFence(pixels);
    }
    answer.start().read(0, logits, 0, logits.length);
  }

  /** What oneDNN reads and writes it does not look at. */
  private static void requireSize(long bytes, long expected) {
    if (bytes != expected) {
      throw new IllegalArgumentException(
          bytes + " bytes for a chain of " + expected + ". This is a bug.");
    }
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("a chain of " + owner.getName() + ". This is a bug.");
    }
  }

  @Override
  public void close() {
    requireOwner();
    handles.close();
  }
}
