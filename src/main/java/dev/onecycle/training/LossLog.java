package dev.onecycle.training;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;

/** The losses of the last steps, kept on the device so that no step waits for its own number. */
final class LossLog implements AutoCloseable {

  private static final String METHODS =
      """
      def put(self, log: Tensor, loss: Tensor, at: int) -> Tensor:
        return torch.copy_(torch.select(log, 0, at), loss)
      """;

  private final Script script = new Script(METHODS);
  private final Scope own = Scope.forKeeping();
  private final Tensor log;
  private final int capacity;
  private int count;

  LossLog(int capacity) {
    this.capacity = capacity;
    log = Tensor.zeros(capacity).keepIn(own);
  }

  /** Keeps the loss of one step, a scalar. */
  void add(Tensor loss) {
    script.run("put", log, loss, (long) count);
    count++;
  }

  boolean isFull() {
    return count == capacity;
  }

  /** Returns the losses since the last call, oldest first. */
  float[] drain() {
    float[] losses = new float[count];
    System.arraycopy(log.floats(), 0, losses, 0, count); // sync point
    count = 0;
    return losses;
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
