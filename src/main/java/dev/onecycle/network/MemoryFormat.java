package dev.onecycle.network;

/** An order of pictures and convolution weights in memory; the numbers are the same. */
public enum MemoryFormat {
  /** Channels innermost, as convolutions of today's processors and devices want it. */
  CHANNELS_LAST,
  /** Channels outermost: PyTorch's default, kept to measure against. */
  CONTIGUOUS
}
