package dev.onecycle.torch.onednn;

import static dev.onecycle.torch.onednn.OneDnn.check;
import static dev.onecycle.torch.onednn.OneDnn.made;
import static java.util.Objects.requireNonNull;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.TorchException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass of a fixed number of pictures of one size, as oneDNN's primitives one after the
 * other: each is made once, with the layouts in which it is fastest and the memory that it reads
 * and writes. So a pass describes nothing and allocates nothing.
 *
 * <p>It is built from its {@link #input} on, what comes after from what came before, until {@link
 * #finish}. For the thread that makes it alone: oneDNN keeps the scratch memory of a primitive with
 * that thread.
 */
public final class Chain implements AutoCloseable {

  /** Numbers [pictures, channels, side, side] on their way through the chain. */
  public static final class Value {
    private final int type;
    private final long layout;
    private final Place place;
    private final int channels;
    private final int side;
    private final @Nullable Steps steps;

    private Value(
        int type, long layout, Place place, int channels, int side, @Nullable Steps steps) {
      this.type = type;
      this.layout = layout;
      this.place = place;
      this.channels = channels;
      this.side = side;
      this.steps = steps;
    }

    /** Returns how long each side is. */
    public int side() {
      return side;
    }
  }

  /**
   * Where values are, once the chain is finished: what nobody reads any more gives way. A sum is
   * where the value was that it adds to.
   */
  private static final class Place {
    private final long bytes;
    private int lastUse;
    private @Nullable Block block;

    /** Numbers that are there from the beginning, of their own. */
    private @Nullable Numbers constant;

    private Place(long bytes) {
      this.bytes = bytes;
    }
  }

  /** A value that a step reads or writes, as which of its arguments. */
  private record Operand(int argument, Value value) {}

  private record Link(Step step, List<Operand> operands) {}

  /** A function of each number by itself, as oneDNN has it. */
  private record Eltwise(int kind, float alpha, float beta) {

    private static final Eltwise SIGMOID = new Eltwise(OneDnn.ELTWISE_LOGISTIC, 0, 0);

    private static @Nullable Eltwise of(@Nullable Activation activation) {
      return activation == null
          ? null
          : switch (activation) {
            case RELU -> new Eltwise(OneDnn.ELTWISE_RELU, 0, 0);
            case MISH -> new Eltwise(OneDnn.ELTWISE_MISH, 0, 0);
            case SILU -> new Eltwise(OneDnn.ELTWISE_SWISH, 1, 0);
            case HARDSWISH -> new Eltwise(OneDnn.ELTWISE_HARDSWISH, 1f / 6, 0.5f);
            case GELU -> new Eltwise(OneDnn.ELTWISE_GELU_ERF, 0, 0);
          };
    }
  }

  private final Thread owner = Thread.currentThread();
  private final DType precision;
  private final int type;
  private final int pictures;
  private final int threads;
  private final Handles handles = new Handles();
  private final long stream;
  private final List<Link> links = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Value input;
  private final long inputMemory;
  private @Nullable Value answer;

  /**
   * Begins one.
   *
   * @param precision of the convolutions: float32, bfloat16 or int8
   * @param side of the pictures
   * @param threads how many a primitive may use
   */
  public Chain(DType precision, int pictures, int side, int threads) {
    this.precision = precision;
    this.type = OneDnn.type(precision == DType.INT8 ? DType.UINT8 : precision);
    this.pictures = pictures;
    this.threads = threads;
    OneDnn.omp_set_num_threads(threads); // a primitive keeps the number that it is made with
    stream = handles.keep(OneDnn.stream(), OneDnn::dnnl_stream_destroy);
    input = innermost(OneDnn.F32, 3, side, null);
    inputMemory = handles.keep(OneDnn.memory(input.layout, 0), OneDnn::dnnl_memory_destroy);
  }

  /** Returns why there are none on this machine; null if there are. */
  public static @Nullable String missing() {
    return OneDnn.missing();
  }

  /** Returns the pictures [pictures, 3, side, side], float32 with the channels innermost. */
  public Value input() {
    return input;
  }

  /** Adds the nearest whole numbers of 8 bits. */
  public Value whole(Value x, Steps steps) {
    Value whole = innermost(OneDnn.U8, x.channels, x.side, steps);
    convert(x, whole, null, steps);
    return whole;
  }

  /** Adds what whole numbers stand for, in float32. */
  private Value exact(Value x) {
    Value exact = innermost(OneDnn.F32, x.channels, x.side, null);
    convert(x, exact, x.steps, null);
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
      @Nullable Steps steps) {
    return convolution(x, kernel, stride, Eltwise.of(activation), added, steps);
  }

  private Value convolution(
      Value x,
      Kernel kernel,
      int stride,
      @Nullable Eltwise function,
      @Nullable Value added,
      @Nullable Steps steps) {
    if (added != null && (added.place == x.place || added.place == input.place)) {
      throw new IllegalArgumentException("a sum over what it reads. This is a bug.");
    }
    int padding = kernel.size() / 2;
    int side = (x.side + 2 * padding - kernel.size()) / stride + 1;
    try (Handles making = new Handles()) {
      long src =
          making.keep(
              layout(type, OneDnn.FORMAT_TAG_ANY, x.channels, x.side), Chain::destroyLayout);
      long weights = making.keep(kernel.anyLayout(), Chain::destroyLayout);
      long dst =
          added != null
              ? added.layout
              : making.keep(
                  layout(type, OneDnn.FORMAT_TAG_ANY, kernel.out(), side), Chain::destroyLayout);
      long attributes = attributes(making, x.steps, steps, added, function);
      if (x.steps != null) {
        int perOutput = kernel.grouped() ? 0b11 : 0b1;
        check(
            OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, OneDnn.ARG_WEIGHTS, perOutput));
      }
      long description =
          described(
              made ->
                  OneDnn.dnnl_convolution_forward_primitive_desc_create(
                      made,
                      OneDnn.engine(),
                      OneDnn.FORWARD_INFERENCE,
                      OneDnn.CONVOLUTION_DIRECT,
                      src,
                      weights,
                      kernel.bias().layout(),
                      dst,
                      both(stride),
                      both(0),
                      both(padding),
                      both(padding),
                      attributes));
      requireFast(description);
      Value from = as(x, type, chosen(description, OneDnn.QUERY_SRC_MD));
      Value to =
          added != null
              ? new Value(type, added.layout, added.place, kernel.out(), side, steps)
              : value(type, chosen(description, OneDnn.QUERY_DST_MD), kernel.out(), side, steps);
      Step step = weighted(description, from, kernel, to);
      scale(step, x.steps, steps);
      if (x.steps != null) {
        long sizes = requireNonNull(kernel.steps(), "a kernel that is not whole").memory();
        step.argument(OneDnn.ARG_ATTR_SCALES | OneDnn.ARG_WEIGHTS, sizes);
      }
      return to;
    }
  }

  /** Adds the largest of 3x3 around every second place. */
  public Value largest(Value x) {
    return pooled(x, OneDnn.POOLING_MAX, 3, 2, 1, (x.side + 1) / 2);
  }

  /** Adds the mean of 2x2 at every second place; at an odd edge of those that there are. */
  public Value halved(Value x) {
    return pooled(x, OneDnn.POOLING_AVG_EXCLUDE_PADDING, 2, 2, 0, (x.side + 1) / 2);
  }

  /** Adds the mean of each channel: [pictures, channels, 1, 1]. */
  public Value means(Value x) {
    Value from = x.steps == null ? x : exact(x);
    return pooled(from, OneDnn.POOLING_AVG_EXCLUDE_PADDING, x.side, 1, 0, 1);
  }

  /** Adds all channels so many times, one after the other. */
  public Value repeated(Value x, int times) {
    long[] sources = new long[times];
    Arrays.fill(sources, x.layout);
    try (Handles making = new Handles()) {
      int channels = x.channels * times;
      long any =
          making.keep(
              layout(x.type, OneDnn.FORMAT_TAG_ANY, channels, x.side), Chain::destroyLayout);
      long description =
          described(
              made ->
                  OneDnn.dnnl_concat_primitive_desc_create(
                      made, OneDnn.engine(), any, times, OneDnn.CHANNELS, sources, 0));
      long layout = chosen(description, OneDnn.QUERY_DST_MD);
      Value repeated = value(x.type, layout, channels, x.side, x.steps);
      List<Operand> operands = new ArrayList<>();
      for (int copy = 0; copy < times; copy++) {
        operands.add(new Operand(OneDnn.ARG_MULTIPLE_SRC + copy, x));
      }
      operands.add(new Operand(OneDnn.ARG_DST, repeated));
      link(description, operands);
      return repeated;
    }
  }

  /**
   * Adds squeeze and excitation: {@code x} times {@code sigmoid(up * activation(down * means))} of
   * each channel, and where something is added, {@code activation} of the sum.
   *
   * @param added overwritten by the result; null where {@code x} itself is
   */
  public Value gated(
      Value x, Kernel down, Kernel up, Activation activation, @Nullable Value added) {
    Value squeezed = convolution(means(x), down, 1, activation, null, null);
    Value weights = convolution(squeezed, up, 1, Eltwise.SIGMOID, null, null);
    Eltwise function = added == null ? null : Eltwise.of(activation);
    return binary(OneDnn.BINARY_MUL, x, weights, function, added);
  }

  /** Adds {@code activation(x + y)}, in the place of {@code x}. */
  public Value sum(Value x, Value y, Activation activation) {
    return binary(OneDnn.BINARY_ADD, x, y, Eltwise.of(activation), null);
  }

  /** Adds a function of each number of {@code x} and {@code y}, in the place of one of them. */
  private Value binary(
      int kind, Value x, Value y, @Nullable Eltwise function, @Nullable Value added) {
    Value from = added == null ? x : as(x, type, added.layout);
    try (Handles making = new Handles()) {
      long attributes = attributes(making, null, null, added, function);
      long any =
          making.keep(
              layout(type, OneDnn.FORMAT_TAG_ANY, y.channels, y.side), Chain::destroyLayout);
      long description =
          described(
              made ->
                  OneDnn.dnnl_binary_primitive_desc_create(
                      made, OneDnn.engine(), kind, from.layout, any, from.layout, attributes));
      requireFast(description);
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
  }

  /**
   * Adds self-attention: with the places of a picture as X [places, channels] it is {@code X + X *
   * transposed(X' * X * matrix)}.
   *
   * @param matrix [channels, channels]
   */
  public Value attended(Value x, Kernel matrix) {
    Value a = as(x, type, innermost(type, x.channels, x.side, null).layout);
    int places = x.side * x.side;
    Value rows = seen(a, OneDnn.ABC, pictures, places, x.channels);
    Value columns = seen(a, OneDnn.ACB, pictures, x.channels, places);
    Value q = matrices(pictures, x.channels, x.channels);
    product(columns, rows, q, null);
    Value r = matrices(pictures, x.channels, x.channels);
    product(q, constant(matrix, x.channels, x.channels), r, null);
    Value sum = innermost(type, x.channels, x.side, null);
    product(
        rows,
        seen(r, OneDnn.ACB, pictures, x.channels, x.channels),
        seen(sum, OneDnn.ABC, pictures, places, x.channels),
        rows);
    return sum;
  }

  /**
   * Adds the largest of 3x3 at every place, then a blur along both sides.
   *
   * @param blur [side of the result, side of x], row-major
   */
  public Value blurred(Value x, float[] blur) {
    int side = blur.length / x.side;
    long all = (long) pictures * side;
    Kernel kernel = handles.keep(Kernel.matrix(precision, side, x.side, blur), Kernel::close);
    Value matrix = constant(kernel, side, x.side);
    Value largest = pooled(x, OneDnn.POOLING_MAX, 3, 1, 1, x.side);
    Value p = as(largest, type, innermost(type, x.channels, x.side, null).layout);
    int width = x.side * x.channels;
    Value lower = matrices(pictures, side, width);
    product(matrix, seen(p, OneDnn.ABC, pictures, x.side, width), lower, null);
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
    try (Handles making = new Handles()) {
      long attributes = attributes(making, null, null);
      if (added != null) {
        long after = making.keep(made(OneDnn::dnnl_post_ops_create), OneDnn::dnnl_post_ops_destroy);
        check(OneDnn.dnnl_post_ops_append_binary(after, OneDnn.BINARY_ADD, added.layout));
        check(OneDnn.dnnl_primitive_attr_set_post_ops(attributes, after));
      }
      long description =
          described(
              made ->
                  OneDnn.dnnl_matmul_primitive_desc_create(
                      made, OneDnn.engine(), left.layout, right.layout, 0, to.layout, attributes));
      requireFast(description);
      List<Operand> operands = new ArrayList<>();
      operands.add(new Operand(OneDnn.ARG_SRC, left));
      operands.add(new Operand(OneDnn.ARG_WEIGHTS, right));
      operands.add(new Operand(OneDnn.ARG_DST, to));
      if (added != null) {
        operands.add(new Operand(OneDnn.ARG_FIRST_POST_OP | OneDnn.ARG_SRC_1, added));
      }
      link(description, operands);
    }
  }

  /** Returns the same memory seen as matrices. */
  private Value seen(Value x, int order, long... shape) {
    long layout = keepLayout(OneDnn.layout(type, order, shape));
    return new Value(type, layout, x.place, x.channels, x.side, null);
  }

  /** Returns a new value of so many matrices. */
  private Value matrices(int count, int rows, int columns) {
    return value(
        type, keepLayout(OneDnn.layout(type, OneDnn.ABC, count, rows, columns)), 0, 0, null);
  }

  /** Returns a matrix that is the same for all pictures. */
  private Value constant(Kernel matrix, int rows, int columns) {
    Value constant = matrices(1, rows, columns);
    constant.place.constant = matrix.weights(constant.layout);
    return constant;
  }

  /** Adds a linear layer in float32 of [pictures, channels, 1, 1]: [pictures, kernel's out]. */
  public Value linear(Value x, Kernel kernel) {
    try (Handles making = new Handles()) {
      long src =
          making.keep(
              layout(OneDnn.F32, OneDnn.FORMAT_TAG_ANY, x.channels, 1), Chain::destroyLayout);
      long weights = making.keep(kernel.anyLayout(), Chain::destroyLayout);
      long dst = keepLayout(OneDnn.layout(OneDnn.F32, OneDnn.AB, pictures, kernel.out()));
      long description =
          described(
              made ->
                  OneDnn.dnnl_inner_product_forward_primitive_desc_create(
                      made,
                      OneDnn.engine(),
                      OneDnn.FORWARD_INFERENCE,
                      src,
                      weights,
                      kernel.bias().layout(),
                      dst,
                      0));
      Value to = value(OneDnn.F32, dst, kernel.out(), 1, null);
      Value from = as(x, OneDnn.F32, chosen(description, OneDnn.QUERY_SRC_MD));
      weighted(description, from, kernel, to);
      return to;
    }
  }

  private Step weighted(long description, Value src, Kernel kernel, Value dst) {
    long weights = kernel.weights(chosen(description, OneDnn.QUERY_WEIGHTS_MD)).memory();
    return link(description, src, dst)
        .argument(OneDnn.ARG_WEIGHTS, weights)
        .argument(OneDnn.ARG_BIAS, kernel.bias().memory());
  }

  private Value pooled(Value x, int kind, int size, int stride, int before, int side) {
    int after = Math.max(0, (side - 1) * stride + size - before - x.side);
    try (Handles making = new Handles()) {
      long dst =
          making.keep(
              layout(x.type, OneDnn.FORMAT_TAG_ANY, x.channels, side), Chain::destroyLayout);
      long description =
          described(
              made ->
                  OneDnn.dnnl_pooling_forward_primitive_desc_create(
                      made,
                      OneDnn.engine(),
                      OneDnn.FORWARD_INFERENCE,
                      kind,
                      x.layout,
                      dst,
                      both(stride),
                      both(size),
                      both(0),
                      both(before),
                      both(after),
                      0));
      Value pooled =
          value(x.type, chosen(description, OneDnn.QUERY_DST_MD), x.channels, side, x.steps);
      link(description, x, pooled);
      return pooled;
    }
  }

  /** Returns {@code x} in another layout, and type. */
  private Value as(Value x, int wanted, long layout) {
    if (OneDnn.dnnl_memory_desc_equal(x.layout, layout) == 1) {
      return x;
    }
    Value same = value(wanted, layout, x.channels, x.side, x.steps);
    convert(x, same, null, null);
    return same;
  }

  /**
   * Writes {@code x} as {@code to}.
   *
   * @param from what {@code x} stands for, and
   * @param into what the result does; null for itself
   */
  private void convert(Value x, Value to, @Nullable Steps from, @Nullable Steps into) {
    try (Handles making = new Handles()) {
      long attributes = attributes(making, from, into);
      long description =
          described(
              made ->
                  OneDnn.dnnl_reorder_primitive_desc_create(
                      made, x.layout, OneDnn.engine(), to.layout, OneDnn.engine(), attributes));
      scale(link(description, x, to), from, into);
    }
  }

  /** Returns new attributes that say which of its values a primitive scales. */
  private static long attributes(Handles making, @Nullable Steps src, @Nullable Steps dst) {
    long attributes =
        making.keep(made(OneDnn::dnnl_primitive_attr_create), OneDnn::dnnl_primitive_attr_destroy);
    for (int which : new int[] {OneDnn.ARG_SRC, OneDnn.ARG_DST}) {
      Steps steps = which == OneDnn.ARG_SRC ? src : dst;
      if (steps != null) {
        check(OneDnn.dnnl_primitive_attr_set_scales_mask(attributes, which, 0));
        if (steps.zero() != 0) {
          check(OneDnn.dnnl_primitive_attr_set_zero_points_mask(attributes, which, 0));
        }
      }
    }
    return attributes;
  }

  /** Adds the scales that {@link #attributes} said. */
  private void scale(Step step, @Nullable Steps src, @Nullable Steps dst) {
    for (int which : new int[] {OneDnn.ARG_SRC, OneDnn.ARG_DST}) {
      Steps steps = which == OneDnn.ARG_SRC ? src : dst;
      if (steps != null) {
        Numbers size = Numbers.of(new float[] {steps.step()}, OneDnn.A, 1);
        step.argument(OneDnn.ARG_ATTR_SCALES | which, handles.keep(size, Numbers::close).memory());
        if (steps.zero() != 0) {
          Numbers zero = Numbers.of(steps.zero());
          step.argument(
              OneDnn.ARG_ATTR_ZERO_POINTS | which, handles.keep(zero, Numbers::close).memory());
        }
      }
    }
  }

  /** Returns new attributes with what follows a primitive in its own pass over memory. */
  private static long attributes(
      Handles making,
      @Nullable Steps src,
      @Nullable Steps dst,
      @Nullable Value added,
      @Nullable Eltwise function) {
    long attributes = attributes(making, src, dst);
    long after = making.keep(made(OneDnn::dnnl_post_ops_create), OneDnn::dnnl_post_ops_destroy);
    if (added != null) {
      float factor = added.steps == null ? 1 : added.steps.step();
      int zero = added.steps == null ? 0 : added.steps.zero();
      check(OneDnn.dnnl_post_ops_append_sum(after, factor, zero, OneDnn.SAME_TYPE));
    }
    if (function != null) {
      check(
          OneDnn.dnnl_post_ops_append_eltwise(after, function.kind, function.alpha, function.beta));
    }
    check(OneDnn.dnnl_primitive_attr_set_post_ops(attributes, after));
    return attributes;
  }

  private long layout(int type, int order, int channels, int side) {
    return OneDnn.layout(type, order, pictures, channels, side, side);
  }

  /** Returns a layout that a description chose; it lives as long as that. */
  private static long chosen(long description, int which) {
    return OneDnn.dnnl_primitive_desc_query_md(description, which, 0);
  }

  private static void requireFast(long description) {
    if (OneDnn.implementation(description).startsWith("ref")) {
      throw new TorchException(TorchException.Kind.OTHER, "oneDNN has no fast form of a layer");
    }
  }

  private long described(OneDnn.Making making) {
    return handles.keep(made(making), OneDnn::dnnl_primitive_desc_destroy);
  }

  private long keepLayout(long layout) {
    return handles.keep(layout, Chain::destroyLayout);
  }

  private static void destroyLayout(long layout) {
    OneDnn.dnnl_memory_desc_destroy(layout);
  }

  /** Returns a new value whose channels are innermost. */
  private Value innermost(int type, int channels, int side, @Nullable Steps steps) {
    return value(
        type, keepLayout(layout(type, OneDnn.ACDB, channels, side)), channels, side, steps);
  }

  private static Value value(int type, long layout, int channels, int side, @Nullable Steps steps) {
    Place place = new Place(OneDnn.dnnl_memory_desc_get_size(layout));
    return new Value(type, layout, place, channels, side, steps);
  }

  private Step link(long description, Value src, Value dst) {
    return link(
        description, List.of(new Operand(OneDnn.ARG_SRC, src), new Operand(OneDnn.ARG_DST, dst)));
  }

  private Step link(long description, List<Operand> operands) {
    Step step = new Step(description);
    handles.keep(step, Step::close);
    links.add(new Link(step, operands));
    operands.forEach(operand -> operand.value.place.lastUse = links.size());
    return step;
  }

  /**
   * Gives every value its memory: from now on it {@link #run}s.
   *
   * @param logits what it answers, float32
   */
  public void finish(Value logits) {
    logits.place.lastUse = Integer.MAX_VALUE;
    List<Block> free = new ArrayList<>();
    int number = 0;
    for (Link link : links) {
      number++;
      for (Operand operand : link.operands) {
        link.step.argument(operand.argument, memory(operand.value, free));
      }
      for (Operand operand : link.operands) {
        release(operand.value.place, number, free);
      }
    }
    answer = logits;
  }

  private long memory(Value value, List<Block> free) {
    if (value == input) {
      return inputMemory;
    }
    Place place = value.place;
    if (place.constant != null) {
      return place.constant.memory();
    }
    if (place.block == null) {
      place.block = block(place.bytes, free);
    }
    return handles.keep(
        OneDnn.memory(value.layout, place.block.address()), OneDnn::dnnl_memory_destroy);
  }

  private static void release(Place place, int number, List<Block> free) {
    if (place.lastUse == number && place.block != null) {
      free.add(place.block);
      place.block = null;
    }
  }

  /** Returns the smallest free block that is large enough, or a new one. */
  private Block block(long bytes, List<Block> free) {
    Block found =
        free.stream()
            .filter(block -> block.bytes() >= bytes)
            .min(Comparator.comparingLong(Block::bytes))
            .orElse(null);
    if (found != null) {
      free.remove(found);
      return found;
    }
    Block made = new Block(bytes);
    blocks.add(made);
    return made;
  }

  /** Returns how much memory it keeps for values. */
  public long bytes() {
    return blocks.stream().mapToLong(Block::bytes).sum();
  }

  /**
   * Computes the logits of pictures.
   *
   * @param pixels [pictures, side, side, 3] float32, all of a direct buffer
   * @param logits [pictures, labels], overwritten
   */
  public void run(ByteBuffer pixels, float[] logits) {
    requireOwner();
    Value answered = requireNonNull(answer, "run before it was finished");
    checkSize(pixels.capacity(), input);
    checkSize(logits.length * (long) Float.BYTES, answered);
    OneDnn.omp_set_num_threads(threads);
    long address = Pointer.nativeValue(Native.getDirectBufferPointer(pixels));
    check(OneDnn.dnnl_memory_set_data_handle(inputMemory, address));
    for (Link link : links) {
      link.step.run(stream);
    }
    requireNonNull(answered.place.block).start().read(0, logits, 0, logits.length);
  }

  /** What oneDNN reads and writes it does not look at. */
  private static void checkSize(long bytes, Value value) {
    if (bytes != value.place.bytes) {
      throw new IllegalArgumentException(
          bytes + " bytes for a chain of " + value.place.bytes + ". This is a bug.");
    }
  }

  private void requireOwner() {
    if (Thread.currentThread() != owner) {
      throw new IllegalStateException("a chain of " + owner.getName() + ". This is a bug.");
    }
  }

  private static long[] both(long side) {
    return new long[] {side, side};
  }

  @Override
  public void close() {
    requireOwner();
    handles.close();
    blocks.forEach(Block::close);
  }
}
