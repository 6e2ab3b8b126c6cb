package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.check;
import static dev.onecycle.torch.onednn.OneDnn.made;

/** A primitive with the memory that it reads and writes: ready to run, any number of times. */
final class Step implements AutoCloseable {

  /** An argument in C: 32 bits for which it is, 32 bits of nothing, and a handle. */
  private static final int ARGUMENT_BYTES = 16;

  private static final int MOST_ARGUMENTS = 16;

  private final long primitive;
  private final Block arguments = new Block(ARGUMENT_BYTES * MOST_ARGUMENTS);
  private int count;

  Step(long description) {
    primitive = made(made -> OneDnn.dnnl_primitive_create(made, description));
  }

  /** Adds numbers that it reads or writes. */
  Step argument(int which, long memory) {
    arguments.start().setInt((long) count * ARGUMENT_BYTES, which);
    arguments.start().setLong((long) count * ARGUMENT_BYTES + Long.BYTES, memory);
    count++;
    return this;
  }

  void run(long stream) {
    check(OneDnn.dnnl_primitive_execute(primitive, stream, count, arguments.address()));
  }

  @Override
  public void close() {
    OneDnn.dnnl_primitive_destroy(primitive);
    arguments.close();
  }
}
