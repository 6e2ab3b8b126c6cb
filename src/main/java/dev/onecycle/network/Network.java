package dev.onecycle.network;

import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;

/**
 * An XResNet on the calling torch thread's device. Its whole state is three flat vectors, so that
 * an optimizer step, an average or a checkpoint is one operation on each.
 *
 * <p>For the thread that made it alone; closing it frees the state.
 */
public final class Network implements AutoCloseable {

  private final Layout layout;
  private final Packing packing;
  private final Script script;
  private final Scope own;
  private final Parameters parameters;
  private final Tensor statistics;
  private long batchesTracked;

  /**
   * A network with the given state.
   *
   * @param precision what the convolutions compute in; the state is float32 either way
   */
  public Network(StateDict state, DType precision, MemoryFormat format) {
    layout = state.layout();
    packing = new Packing(layout, format);
    script = new Script(ForwardScript.of(layout, packing, precision));
    own = Scope.forKeeping();
    batchesTracked = state.batchesTracked();
    try (Scope scope = Scope.open()) {
      parameters =
          new Parameters(
              vector(packing.pack(packing.decayed(), state.values())),
              vector(packing.pack(packing.plain(), state.values())));
      statistics = vector(packing.pack(packing.statistics(), state.values()));
    }
  }

  private Tensor vector(float[] values) {
    return Tensor.of(values, values.length).keepIn(own);
  }

  public Layout layout() {
    return layout;
  }

  /** The trained state, updated in place by the optimizer. */
  public Parameters parameters() {
    return parameters;
  }

  /** Every norm's running mean and variance, one after the other, updated in place by training. */
  public Tensor statistics() {
    return statistics;
  }

  /**
   * Logits in training mode: norms use this batch and move their running statistics.
   *
   * @param leaves {@link Parameters#leaves} of {@link #parameters}
   * @param pictures [N, S, S, 3] float32, normalised
   * @return [N, classes] float32
   */
  public Tensor train(Parameters leaves, Tensor pictures) {
    batchesTracked++;
    return script.call("train", pictures, leaves.decayed(), leaves.plain(), statistics);
  }

  /**
   * Logits in evaluation mode: norms use their running statistics.
   *
   * @param pictures [N, S, S, 3] float32, normalised
   * @return [N, classes] float32
   */
  public Tensor evaluate(Tensor pictures) {
    return script.call("evaluate", pictures, parameters.decayed(), parameters.plain(), statistics);
  }

  /** A copy of the whole state on the host. A sync point on CUDA. */
  public StateDict state() {
    return packing.state(
        parameters.decayed().floats(),
        parameters.plain().floats(),
        statistics.floats(),
        batchesTracked);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
