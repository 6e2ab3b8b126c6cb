package dev.onecycle.torch.onednn;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.onecycle.torch.TorchException;

/** Memory that begins where a line of the processor's cache does. */
final class Block implements AutoCloseable {

  private static final int LINE = 64;

  private final Memory memory;
  private final Pointer start;
  private final long bytes;

  Block(long bytes) {
    this.bytes = bytes;
    try {
      memory = new Memory(bytes + LINE);
    } catch (OutOfMemoryError e) { // JNA's, of an allocation that failed
      throw new TorchException(TorchException.Kind.OUT_OF_MEMORY, String.valueOf(e.getMessage()));
    }
    start = memory.share(LINE - Pointer.nativeValue(memory) % LINE);
  }

  long bytes() {
    return bytes;
  }

  long address() {
    return Pointer.nativeValue(start);
  }

  Pointer start() {
    return start;
  }

  @Override
  public void close() {
    memory.close();
  }
}
