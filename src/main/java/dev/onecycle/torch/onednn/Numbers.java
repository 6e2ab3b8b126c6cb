package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.made;

/** Numbers in memory of their own, in one layout. */
final class Numbers implements AutoCloseable {

  private final Handles handles = new Handles();
  private final long layout;
  private final Block block;
  private final long memory;

  private Numbers(long layout) {
    this.layout = handles.keep(layout, OneDnn::dnnl_memory_desc_destroy);
    try {
      block = handles.keep(new Block(OneDnn.dnnl_memory_desc_get_size(layout)), Block::close);
      memory = handles.keep(OneDnn.memory(layout, block.address()), OneDnn::dnnl_memory_destroy);
    } catch (RuntimeException e) {
      handles.close();
      throw e;
    }
  }

  /** Returns memory for numbers in a layout, of which it takes a copy. */
  static Numbers in(long layout) {
    return new Numbers(made(made -> OneDnn.dnnl_memory_desc_clone(made, layout)));
  }

  /** Returns float32 numbers in a dense layout. */
  static Numbers of(float[] values, int order, long... shape) {
    Numbers numbers = new Numbers(OneDnn.layout(OneDnn.F32, order, shape));
    numbers.check(values.length * (long) Float.BYTES);
    numbers.block.start().write(0, values, 0, values.length);
    return numbers;
  }

  /** Returns whole numbers of 8 bits in a dense layout. */
  static Numbers of(byte[] values, int order, long... shape) {
    Numbers numbers = new Numbers(OneDnn.layout(OneDnn.S8, order, shape));
    numbers.check(values.length);
    numbers.block.start().write(0, values, 0, values.length);
    return numbers;
  }

  /** Returns one whole number of 32 bits. */
  static Numbers of(int value) {
    Numbers numbers = new Numbers(OneDnn.layout(OneDnn.S32, OneDnn.A, 1));
    numbers.block.start().setInt(0, value);
    return numbers;
  }

  private void check(long bytes) {
    if (bytes != block.bytes()) {
      close();
      throw new IllegalArgumentException(
          bytes + " bytes for a shape of " + block.bytes() + ". This is a bug.");
    }
  }

  boolean has(long otherLayout) {
    return OneDnn.dnnl_memory_desc_equal(layout, otherLayout) == 1;
  }

  long layout() {
    return layout;
  }

  long memory() {
    return memory;
  }

  @Override
  public void close() {
    handles.close();
  }
}
