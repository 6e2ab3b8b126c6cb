package dev.onecycle.network;

import static java.util.Objects.requireNonNull;

import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Gate;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.recipe.Activation;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.TorchException;
import dev.onecycle.torch.TorchThread;
import dev.onecycle.torch.onednn.Arena;
import dev.onecycle.torch.onednn.Chain;
import dev.onecycle.torch.onednn.ChainBuilder;
import dev.onecycle.torch.onednn.Kernel;
import dev.onecycle.torch.onednn.QuantizationParameters;
import dev.onecycle.torch.onednn.Value;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network with its norms folded that computes by oneDNN's primitives, for processors: a chain of
 * them for each number and size of pictures that it is asked for, made when it is asked first.
 */
final class PrimitiveForm implements InferenceNetwork.Form {

  private static final float[] BLUR = {1 / 32f, 5 / 32f, 10 / 32f, 10 / 32f, 5 / 32f, 1 / 32f};

  static final int MOST_CHAINS = 32;

  /** What a chain is made for. */
  private record Batch(int pictures, int side) {}

  private final Architecture architecture;
  private final DType precision;
  private final @Nullable ActivationRanges ranges;
  private final int labels;
  private final Map<String, Kernel> kernels = new HashMap<>();
  private final Arena arena = new Arena();
  private final Map<Batch, Chain> chains = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Makes one for pictures of {@code size} above all.
   *
   * @param precision float32, bfloat16, or int8 of an architecture that {@link #hasInt8 has} it
   * @param ranges of int8, else null
   * @throws TorchException where there is no oneDNN, or it refuses a layer
   */
  PrimitiveForm(StateDict state, DType precision, @Nullable ActivationRanges ranges, int size) {
    if (Chain.missing() != null) {
      throw new TorchException(TorchException.Kind.OTHER, "no oneDNN: " + Chain.missing());
    }
    this.precision = precision;
    this.ranges = ranges;
    architecture = state.layout().architecture();
    labels = state.layout().classes();
    try (Scope loading = Scope.open()) {
      load(FoldedWeights.of(state));
      answer(Tensor.zeros(1, size, size, 3));
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Returns whether an architecture has this form in int8, where there is oneDNN. */
  static boolean hasInt8(Architecture architecture) {
    return architecture.layers().stream().allMatch(PrimitiveForm::hasInt8);
  }

  private static boolean hasInt8(Layer layer) {
    if (layer instanceof Block block) {
      return block.gate() == null
          && block.attention() == null
          && (block.pool() == null || hasInt8(block.pool()));
    }
    return !(layer instanceof Pool pool) || pool.kind() != Pool.Kind.MAX_BLUR;
  }

  /** Makes the kernels of {@link FoldedWeights}, layer by layer in their order. */
  private void load(List<Tensor> folded) {
    Iterator<Tensor> tensors = folded.iterator();
    int[] order = null;
    for (ConvLayer layer : architecture.convLayers()) {
      float[] weight = last(tensors.next());
      float[] bias = last(tensors.next());
      if (order != null) {
        weight = moved(weight, layer.out(), order);
      }
      order = layer.repeats() == 1 ? null : order(layer);
      if (order != null) {
        weight = moved(weight, 1, order);
        bias = moved(bias, 1, order);
      }
      int in = layer.in() * layer.repeats();
      int groups = layer.groupsOfRepeated();
      kernels.put(
          layer.name(),
          new Kernel(precision, layer.out(), in, layer.kernel(), groups, weight, bias));
    }
    for (Block block : architecture.blocks()) {
      Gate gate = block.gate();
      if (gate != null) {
        load(gate.down(), gate.squeezed(), gate.channels(), precision, tensors);
        load(gate.up(), gate.channels(), gate.squeezed(), precision, tensors);
      }
      Attention attention = block.attention();
      if (attention != null) {
        int channels = attention.channels();
        float[] matrix = last(tensors.next());
        kernels.put(attention.weight(), Kernel.matrix(precision, channels, channels, matrix));
      }
    }
    load(architecture.head(), labels, architecture.features(), DType.FLOAT32, tensors);
  }

  /** Makes the kernel of a linear layer. */
  private void load(String layer, int out, int in, DType type, Iterator<Tensor> tensors) {
    float[] weight = last(tensors.next());
    float[] bias = last(tensors.next());
    kernels.put(layer, new Kernel(type, out, in, 1, 1, weight, bias));
  }

  /** Returns the numbers of a tensor that nobody reads after. */
  private static float[] last(Tensor tensor) {
    float[] numbers = tensor.floats();
    tensor.close();
    return numbers;
  }

  /**
   * Returns which output stands where if the first ones of all channels come first, then the second
   * ones: what copies of all channels, one after the other, make.
   */
  private static int[] order(ConvLayer layer) {
    int[] order = new int[layer.out()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % layer.in() * layer.repeats() + i / layer.in();
    }
    return order;
  }

  /** Returns values [outer, order, rest] with the middle ones in another order. */
  private static float[] moved(float[] values, int outer, int[] order) {
    float[] moved = new float[values.length];
    int rest = values.length / outer / order.length;
    for (int i = 0; i < outer * order.length; i++) {
      int from = i / order.length * order.length + order[i % order.length];
      System.arraycopy(values, from * rest, moved, i * rest, rest);
    }
    return moved;
  }

  private Chain chain(Batch batch) {
    Chain known = chains.get(batch);
    if (known != null) {
      return known;
    }
    int threads = TorchThread.current().threads();
    Chain made;
    try (ChainBuilder chain =
        new ChainBuilder(precision, batch.pictures, batch.side, threads, arena)) {
      made = chain.finish(new Walk(chain).logits());
    }
    if (chains.size() >= MOST_CHAINS) {
      chains.remove(chains.keySet().iterator().next()).close(); // unused for longest
    }
    chains.put(batch, made);
    return made;
  }

  /** The way from pictures to logits, as a chain. */
  private final class Walk {

    private final ChainBuilder chain;

    /** How many of the ranges are used so far. */
    private int used;

    private Walk(ChainBuilder chain) {
      this.chain = chain;
    }

    private Value logits() {
      QuantizationParameters steps = next();
      Value x = steps == null ? chain.input() : chain.quantize(chain.input(), steps);
      for (Layer layer : architecture.layers()) {
        if (layer instanceof ConvLayer conv) {
          x = conv(x, conv, architecture.activation(), null);
        } else if (layer instanceof Pool pool) {
          x = pool(x, pool);
        } else if (layer instanceof Block block) {
          x = block(x, block);
        }
      }
      return chain.linear(chain.globalAveragePool(x), kernel(architecture.head()));
    }

    private Value block(Value x, Block block) {
      List<ConvLayer> path = block.convPath();
      Value y = x;
      for (ConvLayer layer : path.subList(0, path.size() - 1)) {
        y = conv(y, layer, architecture.activation(), null);
      }
      Value identity = block.pool() == null ? x : pool(x, block.pool());
      if (block.identity() != null) {
        identity = conv(identity, block.identity(), null, null);
      }
      ConvLayer last = path.get(path.size() - 1);
      Activation activation = architecture.activation();
      Gate gate = block.gate();
      Attention attention = block.attention();
      if (gate == null && attention == null) {
        return conv(y, last, activation, identity);
      }
      y = conv(y, last, null, null);
      if (gate != null) {
        Value added = attention == null ? identity : null;
        y = chain.squeezeAndExcite(y, kernel(gate.down()), kernel(gate.up()), activation, added);
      }
      return attention == null
          ? y
          : chain.addActivate(
              identity, chain.selfAttend(y, kernel(attention.weight())), activation);
    }

    private Value pool(Value x, Pool pool) {
      return switch (pool.kind()) {
        case MAX -> chain.maxPool(x);
        case AVERAGE -> chain.averagePool(x);
        case MAX_BLUR -> chain.maxBlurPool(x, blur(x.side()));
      };
    }

    private Value conv(
        Value x, ConvLayer layer, @Nullable Activation activation, @Nullable Value added) {
      Value in = layer.repeats() == 1 ? x : chain.repeatChannels(x, layer.repeats());
      return chain.convolution(in, kernel(layer.name()), layer.stride(), activation, added, next());
    }

    /**
     * Returns what {@link NetworkScript} blurs a side by [halved, side]: the binomial weights of 5,
     * and the mean of 2, at every second place. Edges are mirrored where there is enough to mirror.
     */
    private float[] blur(int side) {
      int halved = (side + 1) / 2;
      float[] blur = new float[halved * side];
      for (int to = 0; to < halved; to++) {
        for (int k = 0; k < BLUR.length; k++) {
          int from = 2 * to + k - 2;
          if (from < 0) {
            from = side > 3 ? -from : 0;
          } else if (from >= side) {
            from = side > 3 ? 2 * (side - 1) - from : side - 1;
          }
          blur[to * side + from] += BLUR[k];
        }
      }
      return blur;
    }

    /** Returns the steps of the next range; null where numbers are not whole. */
    private @Nullable QuantizationParameters next() {
      if (ranges == null) {
        return null;
      }
      int place = used++;
      return QuantizationParameters.over(ranges.low().get(place), ranges.high().get(place));
    }
  }

  /** Returns how much memory there is for what is between the layers. */
  long bytes() {
    return arena.bytes();
  }

  int chains() {
    return chains.size();
  }

  private Kernel kernel(String layer) {
    return requireNonNull(kernels.get(layer), layer);
  }

  @Override
  public List<Tensor> answer(Tensor pictures) {
    long[] shape = pictures.shape();
    Batch batch = new Batch(Math.toIntExact(shape[0]), Math.toIntExact(shape[1]));
    float[] logits = new float[batch.pictures * labels];
    chain(batch).run(pictures.memory(), logits);
    return List.of(Tensor.of(logits, batch.pictures, labels));
  }

  @Override
  public void close() {
    chains.values().forEach(Chain::close);
    chains.clear();
    arena.close();
    kernels.values().forEach(Kernel::close);
    kernels.clear();
  }
}
