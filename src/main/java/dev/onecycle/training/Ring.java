package dev.onecycle.training;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * The order in which a fixed set of buffers goes round: taken and filled, sent to the device, taken
 * again. For one thread alone.
 */
public final class Ring<B> {

  private final Deque<B> free;
  private final Deque<B> sent = new ArrayDeque<>();
  private final Runnable syncPoint;

  /**
   * Makes a ring of free buffers.
   *
   * @param syncPoint returns when the device has copied whatever was sent before
   */
  public Ring(Collection<B> buffers, Runnable syncPoint) {
    free = new ArrayDeque<>(buffers);
    this.syncPoint = syncPoint;
  }

  /** Returns a buffer that may be filled. */
  B take() {
    if (free.isEmpty()) {
      // INVARIANT: a buffer is filled again only after a sync point that came after it was sent;
      // until then the device may not have copied it.
      syncPoint.run();
      free.addAll(sent);
      sent.clear();
    }
    B taken = free.poll();
    if (taken == null) {
      throw new IllegalStateException("all buffers are being filled. This is a bug.");
    }
    return taken;
  }

  /** Takes back a buffer that the device copies, or has copied. */
  void sent(B buffer) {
    sent.add(buffer);
  }

  /** Takes back a buffer that was never sent. */
  void unsent(B buffer) {
    free.add(buffer);
  }
}
