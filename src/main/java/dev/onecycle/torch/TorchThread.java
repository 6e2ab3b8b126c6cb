package dev.onecycle.torch;

import ai.djl.pytorch.jni.JniUtils;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that may call the engine, on one device. Gradient recording, the script
 * executor's mode and the number of threads per operator are states of the operating system's
 * thread, so they are set here once; no other thread gets past {@link #current}.
 */
public final class TorchThread extends Thread {

  static final Set<TorchThread> ALIVE = ConcurrentHashMap.newKeySet();

  /**
   * Of numbers on the host, in page-locked memory where they are not yet: the device copies them
   * while the thread goes on. Page-locked memory that a copy still needs, the engine keeps.
   */
  private static final String UPLOAD =
      """
      def sent(self, x: Tensor) -> Tensor:
        return torch.to(x, torch.device("%1$s"), ops.prim.dtype(x), True)
      def locked(self, x: Tensor) -> Tensor:
        return torch.pin_memory(x)
      def locked_and_sent(self, x: Tensor) -> Tensor:
        x0 = torch.pin_memory(x)
        return torch.to(x0, torch.device("%1$s"), ops.prim.dtype(x0), True)
      """;

  private final Device device;
  private final int threads;
  private final int niceness;
  private final Runnable body;
  private @Nullable Script upload;
  @Nullable Scope innermost;

  TorchThread(String name, Device device, int threads, int niceness, Runnable body) {
    super(null, null, name, 0, false);
    this.device = device;
    this.threads = threads;
    this.niceness = niceness;
    this.body = body;
  }

  /** Returns the device that this thread works on. */
  public Device device() {
    return device;
  }

  /** Returns how many threads one operator on the processor uses. */
  public int threads() {
    return threads;
  }

  /**
   * Returns the calling thread.
   *
   * @throws IllegalStateException if it is not a torch thread
   */
  public static TorchThread current() {
    if (Thread.currentThread() instanceof TorchThread thread) {
      return thread;
    }
    throw new IllegalStateException(
        "thread '" + Thread.currentThread().getName() + "' is not a torch thread. This is a bug.");
  }

  /** Copies to the device without waiting for it. Its page-locked part has not yet run on one. */
  Script upload() {
    if (upload == null) {
      upload = new Script(UPLOAD.formatted(device));
    }
    return upload;
  }

  @Override
  public void run() {
    if (niceness > 0) {
      ProcessorShare.giveWay(niceness); // before it starts those that it shares its operators with
    }
    // New threads record gradients: left on, every prediction would build a graph and keep it.
    JniUtils.setGradMode(false);
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setNumThreads(threads);
    ALIVE.add(this);
    try {
      body.run();
    } finally {
      if (upload != null) {
        upload.close();
      }
      ALIVE.remove(this);
    }
  }
}
