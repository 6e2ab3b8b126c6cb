package dev.onecycle.torch;

/** Failures of the engine that no test can bring about. */
public final class TorchFailures {

  private TorchFailures() {}

  public static TorchException outOfMemory() {
    return new TorchException(
        TorchException.Kind.OUT_OF_MEMORY, "CUDA out of memory. Tried to allocate 2 GiB.", null);
  }

  public static TorchException deviceLost() {
    return new TorchException(
        TorchException.Kind.DEVICE_LOST, "CUDA error: an illegal memory access", null);
  }
}
