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
public final class Staging implements AutoCloseable {

  private static final String METHODS =
      """
      def typed(self, x: Tensor) -> Tensor:
        return torch.to(x, %d)
      def locked(self, x: Tensor) -> Tensor:
        return torch.pin_memory(x)
      def sent(self, x: Tensor, to: Tensor) -> Tensor:
        return torch.to(x, to, True)
      """;

  private final Script script;
  private final Scope own = Scope.forKeeping();
  private final Tensor there;
  private final Tensor number;

  /** Memory for numbers of {@code type}. */
  public Staging(DType type) {
    script = new Script(METHODS.formatted(type.scriptCode()));
    try (Scope scope = Scope.open()) {
      there = script.call("typed", Tensor.zeros(0)).keepIn(own);
      number = Tensor.zeros(1).keepIn(own);
    }
  }

  /** New memory for so many numbers, whose {@link Tensor#memory} may be filled. */
  public Tensor room(long numbers) {
    try (Scope scope = Scope.open()) {
      Tensor room = script.call("typed", onHost(numbers));
      // Not yet run on a device: pages that stay where they are, so that a copy needs no waiting.
      return (isForCuda() ? script.call("locked", room) : room).keepIn(own);
    }
  }

  private static Tensor onHost(long numbers) {
    Shape shape = new Shape(numbers);
    return new Tensor(
        (PtNDArray) Scope.current().tensors.zeros(shape, DType.FLOAT32.djl, Device.cpu()));
  }

  /**
   * The numbers on the thread's device. On a processor they are not copied; for CUDA they are, in
   * one piece, at any time before {@link #sync} returns: until then they must not change.
   */
  public Tensor sent(Tensor room) {
    return script.call("sent", room, there);
  }

  /** Waits until everything sent so far has arrived. A sync point on CUDA. */
  public void sync() {
    // The device works in order: once it has given this number, it has taken all others.
    number.item();
  }

  /** Whether {@link #sent} may still read when it returns. */
  public boolean isForCuda() {
    return TorchThread.current().device().cuda();
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
