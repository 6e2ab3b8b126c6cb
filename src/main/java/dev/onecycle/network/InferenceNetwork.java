package dev.onecycle.network;

import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchThread;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trained XResNet on the calling torch thread's device, made for answering: it equals {@link
 * Network#evaluate} up to rounding and is faster, since nothing in it can be trained any more.
 * Norms are folded into the convolutions, and on a processor oneDNN computes each convolution with
 * what follows it in one pass.
 *
 * <p>For the thread that made it alone; closing it frees the weights.
 */
public final class InferenceNetwork implements AutoCloseable {

  private final DType precision;
  private final @Nullable TorchException refused;
  private final Script script;
  private final Scope own;
  private final List<Tensor> forOne;
  private final List<Tensor> forMore;

  private InferenceNetwork(
      String methods,
      StateDict state,
      DType precision,
      int size,
      @Nullable TorchException refused,
      boolean twice) {
    this.precision = precision;
    this.refused = refused;
    script = new Script(methods);
    own = Scope.forKeeping();
    try (Scope loading = Scope.open()) {
      forOne = weights(state, 1, size);
      forMore = twice ? weights(state, 2, size) : forOne;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private List<Tensor> weights(StateDict state, int pictures, int size) {
    Tensor like = Tensor.zeros(pictures, size, size, 3);
    List<Tensor> packed = script.run("pack", like, FoldedWeights.of(state));
    packed.forEach(weight -> weight.keepIn(own));
    return packed;
  }

  /**
   * Returns the network of a state, its weights laid out for pictures of {@code size}; after one
   * forward pass, so that the next is not the first.
   *
   * @param precision of the convolutions; the head computes in float32
   */
  public static InferenceNetwork of(StateDict state, DType precision, int size) {
    Architecture architecture = state.layout().architecture();
    String plain = new FoldedScript(architecture, precision).write();
    return TorchThread.current().device().cuda()
        ? of(plain, state, precision, size)
        : firstOf(new FusedScript(architecture, precision).write(), plain, state, precision, size);
  }

  /**
   * Returns the network of a state in whole numbers of 8 bits, for processors. It is nearer to the
   * others the more its pictures are like those that the ranges were found on.
   *
   * @param ranges as a {@link RangeFinder} finds them
   * @throws TorchException if the engine does not know or refuses an operator
   * @throws IllegalArgumentException unless there {@link #hasInt8 is} one, and the ranges are of
   *     its architecture
   */
  public static InferenceNetwork int8(StateDict state, ActivationRanges ranges, int size) {
    String methods = new Int8Script(state.layout().architecture(), ranges).write();
    return of(methods, state, DType.INT8, size);
  }

  /** Returns whether networks of that architecture have a form in 8 bits. */
  public static boolean hasInt8(Architecture architecture) {
    return Int8Script.knows(architecture);
  }

  /** Returns the network that is written in these methods. */
  static InferenceNetwork of(String methods, StateDict state, DType precision, int size) {
    return new InferenceNetwork(methods, state, precision, size, null, false);
  }

  /**
   * Loads a network with {@code otherwise} where the engine does not know or refuses an operator of
   * the first. In float32 oneDNN wants some weights of 224px in other blocks for one picture than
   * for any larger number, and would lay them out anew at each call: so there are two copies. In
   * bfloat16 one serves all.
   */
  static InferenceNetwork firstOf(
      String methods, String otherwise, StateDict state, DType precision, int size) {
    try {
      boolean twice = precision == DType.FLOAT32;
      return new InferenceNetwork(methods, state, precision, size, null, twice);
    } catch (TorchException e) {
      if (e.kind() != TorchException.Kind.OTHER) {
        throw e;
      }
      return new InferenceNetwork(otherwise, state, precision, size, e, false);
    }
  }

  /** Returns what its convolutions compute in. */
  public DType precision() {
    return precision;
  }

  /** Returns why this is not the fastest form for its device; null if it is. */
  public @Nullable TorchException refused() {
    return refused;
  }

  /**
   * Returns logits of any number of pictures in one forward pass.
   *
   * @param pictures [N, S, S, 3] float32, normalised; fastest in the size that it was made for
   * @return [N, classes] float32
   */
  public Tensor logits(Tensor pictures) {
    return answer(pictures).get(0);
  }

  /** Returns logits and what else the script gives. */
  List<Tensor> answer(Tensor pictures) {
    List<Tensor> weights = pictures.shape()[0] == 1 ? forOne : forMore;
    return script.run("logits", pictures, weights);
  }

  @Override
  public void close() {
    script.close();
    own.close();
  }
}
