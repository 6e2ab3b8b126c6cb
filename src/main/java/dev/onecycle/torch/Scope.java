package dev.onecycle.torch;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of code that owns the tensors made in it: closing it frees their memory. Every new
 * tensor belongs to the innermost scope open on its thread; {@link Tensor#keepIn} moves it out.
 *
 * <pre>{@code
 * try (Scope step = Scope.open()) {
 *   Tensor loss = ...;
 * } // everything made in between is gone
 * }</pre>
 */
public final class Scope implements AutoCloseable {

  private final TorchThread thread;
  private final @Nullable Scope outer;
  private final boolean onStack;
  final PtNDManager tensors;

  private Scope(TorchThread thread, boolean onStack) {
    this.thread = thread;
    this.onStack = onStack;
    outer = thread.innermost;
    tensors = (PtNDManager) NDManager.newBaseManager(thread.device().djl(), "PyTorch");
    if (onStack) {
      thread.innermost = this;
    }
  }

  /** Opens a scope inside the calling torch thread's innermost one. */
  public static Scope open() {
    return new Scope(TorchThread.current(), true);
  }

  /**
   * Returns a scope for long-lived tensors: it owns only what {@link Tensor#keepIn} gives it, and
   * may outlive any other scope. Closed on any thread.
   */
  public static Scope forKeeping() {
    return new Scope(TorchThread.current(), false);
  }

  /**
   * Returns the innermost scope.
   *
   * @throws IllegalStateException where none is open
   */
  public static Scope current() {
    Scope scope = TorchThread.current().innermost;
    if (scope == null) {
      throw new IllegalStateException("a tensor outside any scope. This is a bug.");
    }
    return scope;
  }

  @Override
  public void close() {
    if (onStack) {
      if (thread.innermost != this) {
        throw new IllegalStateException("scopes closed out of order. This is a bug.");
      }
      thread.innermost = outer;
    }
    tensors.close();
  }
}
