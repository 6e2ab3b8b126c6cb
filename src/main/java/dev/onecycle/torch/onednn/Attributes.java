package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.check;
import static dev.onecycle.torch.onednn.OneDnn.made;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a primitive does besides: which whole numbers it scales, and what follows in the same pass
 * over memory, in the order in which it is said.
 */
final class Attributes {

  private final long attributes;
  private final long after;
  private final List<Consumer<Step>> arguments = new ArrayList<>();
  private final Handles kept;

  /**
   * Begins with nothing.
   *
   * @param making what ends them, once the primitive is made
   * @param kept what ends the scales, with the chain
   */
  Attributes(Handles making, Handles kept) {
    this.kept = kept;
    attributes =
        making.keep(made(OneDnn::dnnl_primitive_attr_create), OneDnn::dnnl_primitive_attr_destroy);
    after = making.keep(made(OneDnn::dnnl_post_ops_create), OneDnn::dnnl_post_ops_destroy);
  }

  /**
   * Scales an argument.
   *
   * @param steps null for nothing
   */
  Attributes scale(int argument, @Nullable QuantizationParameters steps) {
    if (steps != null) {
      check(OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, argument, 0));
      argument(
          OneDnn.ARG_ATTR_SCALES | argument,
          kept.keep(Numbers.of(new float[] {steps.scale()}, OneDnn.A, 1), Numbers::close));
      if (steps.zeroPoint() != 0) {
        check(OneDnn.dnnl_primitive_attr_set_zero_points_mask(attributes, argument, 0));
        argument(
            OneDnn.ARG_ATTR_ZERO_POINTS | argument,
            kept.keep(Numbers.of(steps.zeroPoint()), Numbers::close));
      }
    }
    return this;
  }

  /** Scales whole weights, each output channel by itself. */
  Attributes scaleWeights(Kernel kernel) {
    int perOutput = kernel.grouped() ? 0b11 : 0b1;
    check(OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, OneDnn.ARG_WEIGHTS, perOutput));
    argument(
        OneDnn.ARG_ATTR_SCALES | OneDnn.ARG_WEIGHTS,
        requireNonNull(kernel.steps(), "a kernel that is not whole"));
    return this;
  }

  private void argument(int which, Numbers numbers) {
    arguments.add(step -> step.argument(which, numbers.memory()));
  }

  /** Adds what is where the result will be; null for nothing. */
  Attributes add(@Nullable Value there) {
    if (there != null) {
      float factor = there.steps == null ? 1 : there.steps.scale();
      int zero = there.steps == null ? 0 : there.steps.zeroPoint();
      check(OneDnn.dnnl_post_ops_append_sum(after, factor, zero, OneDnn.SAME_TYPE));
    }
    return this;
  }

  /** Adds what is elsewhere, the argument {@code ARG_FIRST_POST_OP | ARG_SRC_1}. */
  Attributes addOther(Value elsewhere) {
    check(OneDnn.dnnl_post_ops_append_binary(after, OneDnn.BINARY_ADD, elsewhere.layout));
    return this;
  }

  /** Applies a function; null for none. */
  Attributes apply(@Nullable Eltwise function) {
    if (function != null) {
      check(
          OneDnn.dnnl_post_ops_append_eltwise(
              after, function.kind(), function.alpha(), function.beta()));
    }
    return this;
  }

  /** Returns the handle, when all is said. */
  long handle() {
    check(OneDnn.dnnl_primitive_attr_set_post_ops(attributes, after));
    return attributes;
  }

  /** Gives a step the scales. */
  void scaleIn(Step step) {
    arguments.forEach(argument -> argument.accept(step));
  }
}
