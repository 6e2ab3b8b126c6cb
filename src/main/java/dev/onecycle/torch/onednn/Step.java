package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.check;
import static dev.onecycle.torch.onednn.OneDnn.made;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** A primitive with the memory that it reads and writes: ready to run, any number of times. */
final class Step implements AutoCloseable {

  /** An argument in C: 32 bits for which it is, 32 bits of nothing, and a handle. */
  private static final int ARGUMENT_BYTES = 16;

  private static final int MOST_ARGUMENTS = 9;

  private final long primitive;
  private final Memory arguments = new Memory(ARGUMENT_BYTES * MOST_ARGUMENTS);
  private int count;

  Step(long description) {
    primitive = made(made -> OneDnn.dnnl_primitive_create(made, description));
  }

  /** Adds numbers that it reads or writes. */
  Step argument(int which, long memory) {
    arguments.setInt((long) count * ARGUMENT_BYTES, which);
    arguments.setLong((long) count * ARGUMENT_BYTES + Long.BYTES, memory);
    count++;
    return this;
  }

  void run(long stream) {
    check(OneDnn.dnnl_primitive_execute(primitive, stream, count, Pointer.nativeValue(arguments)));
  }

  @Override
  public void close() {
    check(OneDnn.dnnl_primitive_destroy(primitive));
    arguments.close();
  }
}
