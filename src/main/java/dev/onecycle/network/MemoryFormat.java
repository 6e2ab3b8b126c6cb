package dev.onecycle.network;

/** An order of pictures and convolution weights in memory; the numbers are the same. */
public enum MemoryFormat {
  /** Channels innermost, as convolutions of GPUs and of processors good at bfloat16 want it. */
  CHANNELS_LAST,
  /** Channels outermost: PyTorch's default, on some other processors the faster one. */
  CONTIGUOUS;

  @Override
  public String toString() {
    return this == CONTIGUOUS ? "contiguous" : "channels last";
  }
}
