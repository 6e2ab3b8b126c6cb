package dev.onecycle.network;

import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network described as data; everything that runs, stores or names a network is derived from it:
 * layers from pictures to features, global average pooling, one linear layer.
 *
 * @param name how people call it
 * @param activation what follows each norm
 * @param layers in the order of the state dict, which is also the order that pictures take
 * @param head prefix of the linear layer's state entries
 * @param features how many numbers describe a picture before the linear layer
 */
public record Architecture(
    String name, Activation activation, List<Layer> layers, String head, int features) {

  /** A step of the way from pictures to features. */
  public sealed interface Layer permits ConvLayer, Pool, Block {}

  /**
   * A convolution without bias, its batch norm and, where the path goes on, the activation.
   *
   * @param name prefix of its state entries: {@code name.0} is the convolution, {@code name.1} the
   *     norm
   * @param groups in how many parts of its channels it works, each on its own
   * @param zeroInit whether the norm's weight starts at 0, so that its block starts as the identity
   */
  public record ConvLayer(
      String name, int in, int out, int kernel, int stride, int groups, boolean zeroInit)
      implements Layer {
    public int padding() {
      return kernel / 2;
    }

    /**
     * Returns how many channels each channel becomes where it has filters of its own; else 1. Such
     * a convolution is computed from the input with each channel repeated, one filter each: the
     * only form that processors have a quick way for.
     */
    int repeats() {
      return groups > 1 && groups == in ? out / in : 1;
    }

    /** Returns how many groups there are once the input's channels are repeated. */
    int groupsOfRepeated() {
      return groups * repeats();
    }
  }

  /** A halving of the sides, rounded up. */
  public record Pool(Kind kind, int channels) implements Layer {

    /** The number that stands for a neighbourhood. */
    public enum Kind {
      /** The largest of 3x3. */
      MAX,
      /** The mean of 2x2. */
      AVERAGE,
      /** The largest of 3x3 at every place, then a blur of 6x6. */
      MAX_BLUR
    }
  }

  /**
   * A residual block: {@code activation(convPath(x) + identity(x))}.
   *
   * @param name prefix of its state entries
   * @param gate what the path's channels are weighted by at its end, or null
   * @param attention what the path ends with, or null
   * @param pool what the identity path begins with, or null where sides agree
   * @param identity the 1x1 convolution of the identity path, or null where channels agree
   */
  public record Block(
      String name,
      List<ConvLayer> convPath,
      @Nullable Gate gate,
      @Nullable Attention attention,
      @Nullable Pool pool,
      @Nullable ConvLayer identity)
      implements Layer {

    public Block {
      convPath = List.copyOf(convPath);
    }
  }

  /**
   * Squeeze and excitation ("Squeeze-and-Excitation Networks", Hu et al., 2018): each channel times
   * {@code sigmoid(W2 * activation(W1 * mean + b1) + b2)} of all channels' means.
   *
   * @param name prefix of its state entries
   * @param squeezed how many numbers are in between
   */
  public record Gate(String name, int channels, int squeezed) {

    /** Returns the prefix of the entries of W1 and b1. */
    String down() {
      return name + ".layers.1.0";
    }

    /** Returns the prefix of the entries of W2 and b2. */
    String up() {
      return name + ".layers.2.0";
    }
  }

  /**
   * fastai's simple self-attention: with a picture as X [channels, places] it is {@code X + gamma *
   * (X * X') * (W * X)}, where W is divided by its largest singular value ("Spectral Normalization
   * for Generative Adversarial Networks", Miyato et al., 2018), as far as one step of power
   * iteration a batch has found it.
   *
   * @param name prefix of its state entries
   */
  public record Attention(String name, int channels) {

    String gamma() {
      return name + ".gamma";
    }

    /** Returns the entry of W before it is divided. */
    String weight() {
      return name + ".conv.weight_orig";
    }

    /** Returns the entry of the left singular vector, u. */
    String left() {
      return name + ".conv.weight_u";
    }

    /** Returns the entry of the right singular vector, v. */
    String right() {
      return name + ".conv.weight_v";
    }
  }

  public Architecture {
    layers = List.copyOf(layers);
  }

  /**
   * Returns the architecture of that kind.
   *
   * @throws IllegalArgumentException listing the known ones
   */
  public static Architecture of(NetworkKind kind) {
    Architecture spine = Spine.of(kind);
    return spine == null ? XResNet.of(kind) : spine;
  }

  /**
   * Returns the architecture of that name, as fastai makes it where nothing else is asked for.
   *
   * @throws IllegalArgumentException listing the known ones
   */
  public static Architecture named(String name) {
    return of(NetworkKind.plain(name));
  }

  /** Returns the architectures that {@link #of} knows, sorted. */
  public static List<String> names() {
    return Stream.concat(Spine.names().stream(), XResNet.names().stream()).sorted().toList();
  }

  /** Returns the convolutions before the first pool, all followed by the activation. */
  public List<ConvLayer> stem() {
    List<ConvLayer> stem = new ArrayList<>();
    for (Layer layer : layers) {
      if (!(layer instanceof ConvLayer conv)) {
        break;
      }
      stem.add(conv);
    }
    return stem;
  }

  /** Returns the residual blocks, first to last. */
  public List<Block> blocks() {
    return layers.stream().filter(Block.class::isInstance).map(Block.class::cast).toList();
  }

  /** Returns every convolution that has a norm, in the order of the state dict. */
  public List<ConvLayer> convLayers() {
    List<ConvLayer> all = new ArrayList<>();
    for (Layer layer : layers) {
      if (layer instanceof ConvLayer conv) {
        all.add(conv);
      } else if (layer instanceof Block block) {
        all.addAll(block.convPath());
        if (block.identity() != null) {
          all.add(block.identity());
        }
      }
    }
    return all;
  }
}
