package dev.onecycle.torch;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;

/**
 * Memory on the host that Java fills for the calling torch thread's device. A processor reads it
 * where it lies; for CUDA it is page-locked, and the device copies it while the thread goes on.
 *
 * <p>For the torch thread that made it alone, but filled from any; closing it frees the memory.
 */
public final class StagingMemory implements AutoCloseable {

  private static final String METHODS =
      """
      def typed(self, x: Tensor) -> Tensor:
        return torch.to(x, %s)
      """;

  private final TorchThread thread = TorchThread.current();
  private final Script script;
  private final Scope own = Scope.forKeeping();
  private final Tensor number;

  /** Makes memory for numbers of {@code type}. */
  public StagingMemory(DType type) {
    script = new Script(METHODS.formatted(type.scriptCode()));
    try (Scope scope = Scope.open()) {
      number = Tensor.zeros(1).keepIn(own);
    }
  }

  /** Returns new memory for so many numbers, all 0, whose {@link Tensor#memory} may be filled. */
  public Tensor room(long numbers) {
    try (Scope scope = Scope.open()) {
      Shape shape = new Shape(numbers);
      Tensor zeros =
          new Tensor((PtNDArray) scope.tensors.zeros(shape, DType.FLOAT32.djl, Device.cpu()));
      Tensor room = script.call("typed", zeros);
      return (isCopied() ? thread.upload().call("locked", room) : room).keepIn(own);
    }
  }

  /**
   * Returns the numbers on the thread's device. On a processor they are not copied; for CUDA they
   * are, at any time before {@link #sync} returns: until then they must not change.
   */
  public Tensor sent(Tensor room) {
    return thread.upload().call("sent", room);
  }

  /** Waits until everything sent so far has arrived. A sync point on CUDA. */
  public void sync() {
    // The device works in order: when it gives this number, it has copied all that came before.
    number.item();
  }

  /** Returns whether what is sent is copied, and later than it is sent. */
  public boolean isCopied() {
    return thread.device().cuda();
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
