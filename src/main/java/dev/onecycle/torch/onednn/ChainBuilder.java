package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.made;
import static java.util.Objects.requireNonNull;

import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.onednn.Value.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The making of a {@link Chain}, from its {@link #input} on, what comes after from what came
 * before, until {@link #finish}. What it makes is in the layouts that oneDNN is fastest with; where
 * one layer's is not the next one's, a step in between changes it. Every method throws a {@link
 * dev.onecycle.torch.TorchException} where oneDNN refuses a layer or has no memory left.
 */
public final class ChainBuilder implements AutoCloseable {

  /** A value that a step reads or writes, as which of its arguments. */
  private record Operand(int argument, Value value) {}

  private record Link(Step step, List<Operand> operands) {}

  private final DType precision;
  private final int type;
  private final int pictures;
  private final int threads;
  private final Arena arena;

  /** What nobody needs once the chain is finished, and what the chain needs. */
  private final Handles making = new Handles();

  private final Handles kept = new Handles();
  private final List<Link> links = new ArrayList<>();
  private final Value input;
  private boolean finished;

  /**
   * Begins one.
   *
   * @param precision of the convolutions: float32, bfloat16 or int8
   * @param side of the pictures
   * @param threads how many a primitive may use
   * @param arena memory that outlives the chain
   */
  public ChainBuilder(DType precision, int pictures, int side, int threads, Arena arena) {
    this.precision = precision;
    this.type = OneDnn.type(precision == DType.INT8 ? DType.UINT8 : precision);
    this.pictures = pictures;
    this.threads = threads;
    this.arena = arena;
    OneDnn.omp_set_num_threads(threads); // a primitive keeps the number that it is made with
    input = innermost(OneDnn.F32, 3, side, null);
  }

  /** Returns the pictures [pictures, 3, side, side], float32 with the channels innermost. */
  public Value input() {
    return input;
  }

  /** Adds the nearest whole numbers of 8 bits. */
  public Value quantize(Value x, QuantizationParameters steps) {
    Value whole = innermost(OneDnn.U8, x.channels, x.side, steps);
    convert(x, whole, attributes().scale(OneDnn.ARG_DST, steps));
    return whole;
  }

  /** Adds what whole numbers stand for, in float32. */
  private Value dequantize(Value x) {
    Value exact = innermost(OneDnn.F32, x.channels, x.side, null);
    convert(x, exact, attributes().scale(OneDnn.ARG_SRC, x.steps));
    return exact;
  }

  /**
   * Adds {@code activation(convolution(x) + added)}.
   *
   * @param activation null for none
   * @param added overwritten by the result, not to be used again; null for nothing
   * @param steps of the result where it is of whole numbers, else null
   */
  public Value convolution(
      Value x,
      Kernel kernel,
      int stride,
      @Nullable Activation activation,
      @Nullable Value added,
      @Nullable QuantizationParameters steps) {
    return convolution(x, kernel, stride, Eltwise.of(activation), added, steps);
  }

  private Value convolution(
      Value x,
      Kernel kernel,
      int stride,
      @Nullable Eltwise function,
      @Nullable Value added,
      @Nullable QuantizationParameters steps) {
    requireElsewhere(added, x);
    int padding = kernel.size() / 2;
    int side = (x.side + 2 * padding - kernel.size()) / stride + 1;
    long src = any(type, x.channels, x.side);
    long dst = added == null ? any(type, kernel.out(), side) : added.layout;
    Attributes attributes =
        attributes().scale(OneDnn.ARG_SRC, x.steps).scale(OneDnn.ARG_DST, steps);
    if (x.steps != null) {
      attributes.scaleWeights(kernel);
    }
    long handle = attributes.add(added).apply(function).handle();
    long description =
        described(
            made ->
                OneDnn.dnnl_convolution_forward_primitive_desc_create(
                    made,
                    OneDnn.engine(),
                    OneDnn.FORWARD_INFERENCE,
                    OneDnn.CONVOLUTION_DIRECT,
                    src,
                    any(kernel),
                    kernel.bias().layout(),
                    dst,
                    both(stride),
                    both(0),
                    both(padding),
                    both(padding),
                    handle));
    Value to =
        added == null
            ? new Value(type, dst(description), kernel.out(), side, steps)
            : added.replaced(steps);
    attributes.scaleIn(weighted(description, as(x, type, src(description)), kernel, to));
    return to;
  }

  /** Checks that what is written over is nothing that is read beside it, and not the pictures. */
  private void requireElsewhere(@Nullable Value written, Value read) {
    if (written != null && (written.place == read.place || written.place == input.place)) {
      throw new IllegalArgumentException("a result over what it is made of. This is a bug.");
    }
  }

  /** Adds the largest of 3x3 around every second place. */
  public Value maxPool(Value x) {
    return pooled(x, OneDnn.POOLING_MAX, 3, 2, 1, (x.side + 1) / 2);
  }

  /** Adds the mean of 2x2 at every second place; at an odd edge of those that there are. */
  public Value averagePool(Value x) {
    return pooled(x, OneDnn.POOLING_AVG_EXCLUDE_PADDING, 2, 2, 0, (x.side + 1) / 2);
  }

  /** Adds the mean of each channel: [pictures, channels, 1, 1]. */
  public Value globalAveragePool(Value x) {
    Value from = x.steps == null ? x : dequantize(x);
    return pooled(from, OneDnn.POOLING_AVG_EXCLUDE_PADDING, x.side, 1, 0, 1);
  }

  private Value pooled(Value x, int kind, int size, int stride, int before, int side) {
    int after = Math.max(0, (side - 1) * stride + size - before - x.side);
    long description =
        described(
            made ->
                OneDnn.dnnl_pooling_forward_primitive_desc_create(
                    made,
                    OneDnn.engine(),
                    OneDnn.FORWARD_INFERENCE,
                    kind,
                    x.layout,
                    any(x.type, x.channels, side),
                    both(stride),
                    both(size),
                    both(0),
                    both(before),
                    both(after),
                    0));
    Value pooled = new Value(x.type, dst(description), x.channels, side, x.steps);
    link(description, x, pooled);
    return pooled;
  }

  /** Adds all channels so many times, one after the other. */
  public Value repeatChannels(Value x, int times) {
    int channels = x.channels * times;
    long[] sources = new long[times];
    Arrays.fill(sources, x.layout);
    long description =
        described(
            made ->
                OneDnn.dnnl_concat_primitive_desc_create(
                    made,
                    OneDnn.engine(),
                    any(x.type, channels, x.side),
                    times,
                    OneDnn.CHANNELS,
                    sources,
                    0));
    Value repeated = new Value(x.type, dst(description), channels, x.side, x.steps);
    List<Operand> operands = new ArrayList<>();
    for (int copy = 0; copy < times; copy++) {
      operands.add(new Operand(OneDnn.ARG_MULTIPLE_SRC + copy, x));
    }
    operands.add(new Operand(OneDnn.ARG_DST, repeated));
    link(description, operands);
    return repeated;
  }

  /**
   * Adds squeeze and excitation: {@code x} times {@code sigmoid(up * activation(down * means))} of
   * each channel, and where something is added, {@code activation} of the sum.
   *
   * @param added overwritten by the result; null where {@code x} itself is
   */
  public Value squeezeAndExcite(
      Value x, Kernel down, Kernel up, Activation activation, @Nullable Value added) {
    Value squeezed = convolution(globalAveragePool(x), down, 1, activation, null, null);
    Value weights = convolution(squeezed, up, 1, Eltwise.SIGMOID, null, null);
    Eltwise function = added == null ? null : Eltwise.of(activation);
    return binary(OneDnn.BINARY_MUL, x, weights, function, added);
  }

  /** Adds {@code activation(x + y)}, in the place of {@code x}. */
  public Value addActivate(Value x, Value y, Activation activation) {
    return binary(OneDnn.BINARY_ADD, x, y, Eltwise.of(activation), null);
  }

  /**
   * Adds a function of each number of {@code x} and {@code y} and what is added, in the place of
   * that; in the place of {@code x} where it is nothing.
   */
  private Value binary(
      int kind, Value x, Value y, @Nullable Eltwise function, @Nullable Value added) {
    requireElsewhere(added, x);
    requireElsewhere(added == null ? x : added, y);
    Value from = added == null ? x : as(x, type, added.layout);
    long attributes = attributes().add(added).apply(function).handle();
    long description =
        described(
            made ->
                OneDnn.dnnl_binary_primitive_desc_create(
                    made,
                    OneDnn.engine(),
                    kind,
                    from.layout,
                    any(type, y.channels, y.side),
                    from.layout,
                    attributes));
    Value with =
        as(y, type, OneDnn.dnnl_primitive_desc_query_md(description, OneDnn.QUERY_SRC_MD, 1));
    Value to = added == null ? from : added;
    link(
        description,
        List.of(
            new Operand(OneDnn.ARG_SRC, from),
            new Operand(OneDnn.ARG_SRC_1, with),
            new Operand(OneDnn.ARG_DST, to)));
    return to;
  }

  /**
   * Adds self-attention: with the places of a picture as X [places, channels] it is {@code X + X *
   * transposed(X' * X * matrix)}.
   *
   * @param matrix [channels, channels]
   */
  public Value selfAttend(Value x, Kernel matrix) {
    int channels = x.channels;
    int places = x.side * x.side;
    Value dense = dense(x);
    Value rows = seen(dense, OneDnn.ABC, pictures, places, channels);
    Value columns = seen(dense, OneDnn.ACB, pictures, channels, places);
    Value q = matrices(pictures, channels, channels);
    product(columns, rows, q, null);
    Value r = matrices(pictures, channels, channels);
    product(q, constant(matrix, channels, channels), r, null);
    Value sum = innermost(type, channels, x.side, null);
    product(
        rows,
        seen(r, OneDnn.ACB, pictures, channels, channels),
        seen(sum, OneDnn.ABC, pictures, places, channels),
        rows);
    return sum;
  }

  /**
   * Adds the largest of 3x3 at every place, then a blur along both sides.
   *
   * @param blur [side of the result, side of x], row-major
   */
  public Value maxBlurPool(Value x, float[] blur) {
    int side = blur.length / x.side;
    int width = x.side * x.channels;
    long all = (long) pictures * side;
    Kernel kernel = kept.keep(Kernel.matrix(precision, side, x.side, blur), Kernel::close);
    Value matrix = constant(kernel, side, x.side);
    Value largest = dense(pooled(x, OneDnn.POOLING_MAX, 3, 1, 1, x.side));
    Value lower = matrices(pictures, side, width);
    product(matrix, seen(largest, OneDnn.ABC, pictures, x.side, width), lower, null);
    Value blurred = innermost(type, x.channels, side, null);
    product(
        matrix,
        seen(lower, OneDnn.ABC, all, x.side, x.channels),
        seen(blurred, OneDnn.ABC, all, side, x.channels),
        null);
    return blurred;
  }

  /** Adds products of matrices, one for each picture, and a sum with others. */
  private void product(Value left, Value right, Value to, @Nullable Value added) {
    Attributes attributes = attributes();
    List<Operand> operands = new ArrayList<>();
    operands.add(new Operand(OneDnn.ARG_SRC, left));
    operands.add(new Operand(OneDnn.ARG_WEIGHTS, right));
    operands.add(new Operand(OneDnn.ARG_DST, to));
    if (added != null) {
      attributes.addOther(added);
      operands.add(new Operand(OneDnn.ARG_FIRST_POST_OP | OneDnn.ARG_SRC_1, added));
    }
    long handle = attributes.handle();
    link(
        described(
            made ->
                OneDnn.dnnl_matmul_primitive_desc_create(
                    made, OneDnn.engine(), left.layout, right.layout, 0, to.layout, handle)),
        operands);
  }

  /** Returns a new value of so many matrices. */
  private Value matrices(int count, int rows, int columns) {
    return new Value(type, layout(type, OneDnn.ABC, count, rows, columns), 0, 0, null);
  }

  /** Returns a matrix that is the same for all pictures. */
  private Value constant(Kernel matrix, int rows, int columns) {
    Value constant = matrices(1, rows, columns);
    constant.place.constant = matrix.weights(constant.layout);
    return constant;
  }

  /** Returns the same memory seen as matrices. */
  private Value seen(Value x, int order, long... shape) {
    return x.seenAs(layout(type, order, shape));
  }

  /** Adds a linear layer in float32 of [pictures, channels, 1, 1]: [pictures, kernel's out]. */
  public Value linear(Value x, Kernel kernel) {
    long dst = layout(OneDnn.F32, OneDnn.AB, pictures, kernel.out());
    long description =
        described(
            made ->
                OneDnn.dnnl_inner_product_forward_primitive_desc_create(
                    made,
                    OneDnn.engine(),
                    OneDnn.FORWARD_INFERENCE,
                    any(OneDnn.F32, x.channels, 1),
                    any(kernel),
                    kernel.bias().layout(),
                    dst,
                    0));
    Value to = new Value(OneDnn.F32, dst, kernel.out(), 1, null);
    weighted(description, as(x, OneDnn.F32, src(description)), kernel, to);
    return to;
  }

  private Step weighted(long description, Value src, Kernel kernel, Value dst) {
    long layout = OneDnn.dnnl_primitive_desc_query_md(description, OneDnn.QUERY_WEIGHTS_MD, 0);
    return link(description, src, dst)
        .argument(OneDnn.ARG_WEIGHTS, kernel.weights(layout).memory())
        .argument(OneDnn.ARG_BIAS, kernel.bias().memory());
  }

  /** Returns {@code x} with its channels innermost. */
  private Value dense(Value x) {
    return as(x, x.type, layout(x.type, OneDnn.ACDB, pictures, x.channels, x.side, x.side));
  }

  /** Returns {@code x} in a layout, which is of the type {@code wanted}. */
  private Value as(Value x, int wanted, long layout) {
    if (OneDnn.dnnl_memory_desc_equal(x.layout, layout) == 1) {
      return x;
    }
    Value same = new Value(wanted, layout, x.channels, x.side, x.steps);
    convert(x, same, attributes());
    return same;
  }

  private void convert(Value x, Value to, Attributes attributes) {
    long handle = attributes.handle();
    long description =
        described(
            made ->
                OneDnn.dnnl_reorder_primitive_desc_create(
                    made, x.layout, OneDnn.engine(), to.layout, OneDnn.engine(), handle));
    attributes.scaleIn(link(description, x, to));
  }

  private Attributes attributes() {
    return new Attributes(making, kept);
  }

  /** Returns a new value whose channels are innermost. */
  private Value innermost(
      int type, int channels, int side, @Nullable QuantizationParameters steps) {
    long layout = layout(type, OneDnn.ACDB, pictures, channels, side, side);
    return new Value(type, layout, channels, side, steps);
  }

  private long layout(int type, int order, long... shape) {
    return making.keep(OneDnn.layout(type, order, shape), OneDnn::dnnl_memory_desc_destroy);
  }

  /** Returns the layout that a primitive is fastest with. */
  private long any(int type, int channels, int side) {
    return layout(type, OneDnn.FORMAT_TAG_ANY, pictures, channels, side, side);
  }

  private long any(Kernel kernel) {
    return making.keep(kernel.anyLayout(), OneDnn::dnnl_memory_desc_destroy);
  }

  /** Returns the layout of its source that a description chose. */
  private static long src(long description) {
    return OneDnn.dnnl_primitive_desc_query_md(description, OneDnn.QUERY_SRC_MD, 0);
  }

  private static long dst(long description) {
    return OneDnn.dnnl_primitive_desc_query_md(description, OneDnn.QUERY_DST_MD, 0);
  }

  private static long[] both(long side) {
    return new long[] {side, side};
  }

  private long described(OneDnn.Making description) {
    return making.keep(made(description), OneDnn::dnnl_primitive_desc_destroy);
  }

  private Step link(long description, Value src, Value dst) {
    return link(
        description, List.of(new Operand(OneDnn.ARG_SRC, src), new Operand(OneDnn.ARG_DST, dst)));
  }

  private Step link(long description, List<Operand> operands) {
    Step step = kept.keep(new Step(description), Step::close);
    links.add(new Link(step, operands));
    operands.forEach(operand -> operand.value.place.lastUse = links.size());
    return step;
  }

  /**
   * Returns the chain, every value at its place in memory. The last call, but for closing.
   *
   * @param logits what it answers, float32
   */
  public Chain finish(Value logits) {
    Block answer = kept.keep(new Block(logits.place.bytes), Block::close);
    logits.place.block = answer;
    logits.place.lastUse = Integer.MAX_VALUE;
    long pixels = kept.keep(OneDnn.memory(input.layout, 0), OneDnn::dnnl_memory_destroy);
    List<Block> free = arena.blocks();
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      for (Operand operand : link.operands) {
        Place place = operand.value.place;
        if (place != input.place && place.constant == null && place.block == null) {
          place.block = arena.take(place.bytes, free);
        }
        link.step.argument(operand.argument, memory(operand.value, pixels));
      }
      for (Operand operand : link.operands) {
        Place place = operand.value.place;
        if (place.lastUse == i + 1 && place.block != null) {
          free.add(place.block);
          place.block = null;
        }
      }
    }
    List<Step> steps = links.stream().map(Link::step).toList();
    Chain chain = new Chain(kept, steps, threads, pixels, input.place.bytes, answer);
    finished = true;
    return chain;
  }

  private long memory(Value value, long pixels) {
    if (value.place == input.place) {
      return pixels;
    }
    if (value.place.constant != null) {
      return value.place.constant.memory();
    }
    long address = requireNonNull(value.place.block).address();
    return kept.keep(OneDnn.memory(value.layout, address), OneDnn::dnnl_memory_destroy);
  }

  @Override
  public void close() {
    making.close();
    if (!finished) {
      kept.close();
    }
  }
}
