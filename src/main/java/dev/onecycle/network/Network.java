package dev.onecycle.network;

import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.List;

/**
 * An XResNet on the calling torch thread's device. Its whole state is three flat vectors, so that
 * an optimizer step, an average or a checkpoint is one operation on each.
 *
 * <p>For the thread that made it alone; closing it frees the state.
 */
public final class Network implements AutoCloseable {

  private final Layout layout;
  private final FlatLayout flat;
  private final Script script;
  private final Scope own;
  private final Weights weights;
  private long batchesTracked;

  /** Makes a network with the given state. */
  public Network(StateDict state, Numerics numerics) {
    layout = state.layout();
    flat = new FlatLayout(layout, numerics.format());
    script = new Script(ForwardScript.of(layout, flat, numerics.precision()));
    own = Scope.forKeeping();
    batchesTracked = state.batchesTracked();
    try (Scope scope = Scope.open()) {
      weights =
          new Weights(
              new Parameters(
                  vector(flat.flatten(flat.decayed(), state.values())),
                  vector(flat.flatten(flat.plain(), state.values()))),
              vector(flat.flatten(flat.statistics(), state.values())));
    }
  }

  private Tensor vector(float[] values) {
    return Tensor.of(values, values.length).keepIn(own);
  }

  public Layout layout() {
    return layout;
  }

  /** Returns what the optimizer trains, updated in place by it. */
  public Parameters parameters() {
    return weights.parameters();
  }

  /** Returns the whole state, updated in place by training. */
  public Weights weights() {
    return weights;
  }

  /** Returns how many batches it was trained with. */
  public long batchesTracked() {
    return batchesTracked;
  }

  /**
   * Makes it as if it had been trained with that many batches; the weights are the caller's to
   * change.
   */
  public void batchesTracked(long batches) {
    batchesTracked = batches;
  }

  /** Returns the sizes of the tensors that {@link #parameters} consists of. */
  public Parameters.Sizes sizes() {
    return new Parameters.Sizes(sizes(flat.decayed()), sizes(flat.plain()));
  }

  private static List<Integer> sizes(List<Layout.Entry> entries) {
    return entries.stream().map(Layout.Entry::size).toList();
  }

  /**
   * Returns the parameter groups of discriminative training, lowest first; {@code count} is 1 to 3.
   */
  public List<Parameters.Range> groups(int count) {
    return flat.groups(count);
  }

  /**
   * Returns logits in training mode: norms use this batch and move their running statistics.
   *
   * @param leaves {@link Parameters#leaves} of {@link #parameters}
   * @param pictures [N, S, S, 3], normalised; float32, or already in the precision of the network
   * @return [N, classes] float32
   */
  public Tensor train(Parameters leaves, Tensor pictures) {
    batchesTracked++;
    return forward("train", pictures, new Weights(leaves, weights.statistics()));
  }

  /**
   * Returns logits in evaluation mode: norms use their running statistics.
   *
   * @param pictures [N, S, S, 3], normalised; float32, or already in the precision of the network
   * @return [N, classes] float32
   */
  public Tensor evaluate(Tensor pictures) {
    return evaluate(pictures, weights);
  }

  /**
   * Evaluates as {@link #evaluate(Tensor)} with other weights of this network, such as averaged
   * ones.
   */
  public Tensor evaluate(Tensor pictures, Weights with) {
    return forward("evaluate", pictures, with);
  }

  private Tensor forward(String method, Tensor pictures, Weights with) {
    Parameters parameters = with.parameters();
    return script.call(
        method, pictures, parameters.decayed(), parameters.plain(), with.statistics());
  }

  /** Returns a copy of the whole state on the host. A sync point on CUDA. */
  public StateDict state() {
    return state(weights);
  }

  /** Copies as {@link #state()} for other weights of this network. */
  public StateDict state(Weights of) {
    return flat.state(
        of.parameters().decayed().floats(),
        of.parameters().plain().floats(),
        of.statistics().floats(),
        batchesTracked);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
