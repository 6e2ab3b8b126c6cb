package dev.onecycle.network;

import dev.onecycle.torch.DType;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchThread;
import dev.onecycle.torch.onednn.Chain;
import java.util.List;
import java.util.function.Supplier;
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

  /** How a network computes. */
  interface Form extends AutoCloseable {

    /** Returns logits, and what else there is to tell. */
    List<Tensor> answer(Tensor pictures);

    @Override
    void close();
  }

  private final DType precision;
  private final @Nullable TorchException refused;
  private final Form form;

  private InferenceNetwork(DType precision, @Nullable TorchException refused, Form form) {
    this.precision = precision;
    this.refused = refused;
    this.form = form;
  }

  /**
   * Returns the network of a state, its weights laid out for pictures of {@code size}; after one
   * forward pass, so that the next is not the first.
   *
   * @param precision of the convolutions; the head computes in float32
   */
  public static InferenceNetwork of(StateDict state, DType precision, int size) {
    Architecture architecture = state.layout().architecture();
    Supplier<Form> plain =
        () -> new ScriptForm(new FoldedScript(architecture, precision).write(), state, size, false);
    if (TorchThread.current().device().cuda()) {
      return new InferenceNetwork(precision, null, plain.get());
    }
    Supplier<Form> fast =
        Chain.missing() == null
            ? () -> new PrimitiveForm(state, precision, null, size)
            : () -> {
              String methods = new FusedScript(architecture, precision).write();
              return new ScriptForm(methods, state, size, precision == DType.FLOAT32);
            };
    return firstOf(fast, plain, precision);
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
    if (!hasInt8(state.layout().architecture()) || !ranges.areOf(state.layout().architecture())) {
      throw new IllegalArgumentException(
          "no 8-bit form of " + state.layout().architecture().name());
    }
    Form form = new PrimitiveForm(state, DType.INT8, ranges, size);
    return new InferenceNetwork(DType.INT8, null, form);
  }

  /** Returns whether networks of that architecture have a form in 8 bits. */
  public static boolean hasInt8(Architecture architecture) {
    return PrimitiveForm.hasInt8(architecture);
  }

  /** Returns a network of the other form where the engine does not know or refuses the first. */
  static InferenceNetwork firstOf(Supplier<Form> first, Supplier<Form> otherwise, DType precision) {
    try {
      return new InferenceNetwork(precision, null, first.get());
    } catch (TorchException e) {
      if (e.kind() != TorchException.Kind.OTHER) {
        throw e;
      }
      return new InferenceNetwork(precision, e, otherwise.get());
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
    return form.answer(pictures).get(0);
  }

  @Override
  public void close() {
    form.close();
  }
}
