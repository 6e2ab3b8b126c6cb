package dev.onecycle.torch.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** What oneDNN made, each with the call that ends it: last made, first ended. */
final class Handles implements AutoCloseable {

  private final Deque<Runnable> endings = new ArrayDeque<>();

  long keep(long handle, LongConsumer ending) {
    endings.push(() -> ending.accept(handle));
    return handle;
  }

  <T> T keep(T thing, Consumer<T> ending) {
    endings.push(() -> ending.accept(thing));
    return thing;
  }

  @Override
  public void close() {
    endings.forEach(Runnable::run);
    endings.clear();
  }
}
