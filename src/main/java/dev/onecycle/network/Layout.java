package dev.onecycle.network;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a network as an ordered list of named entries, exactly as fastai's {@code
 * state_dict()} lists them: per convolution its weight, then its norm's weight, bias, running mean,
 * running variance and batch counter; what gates and attentions have, where they stand; last the
 * head's weight and bias.
 *
 * @param architecture what the entries belong to
 * @param classes how many logits the head has; 0 for a body, which has no head
 * @param entries in state-dict order
 */
public record Layout(Architecture architecture, int classes, List<Entry> entries) {

  /**
   * The purpose of an entry, which decides its initial value, its weight decay and where it is
   * stored.
   */
  public enum Kind {
    CONV_WEIGHT,
    NORM_WEIGHT,
    NORM_BIAS,
    RUNNING_MEAN,
    RUNNING_VARIANCE,
    BATCHES_TRACKED,
    GATE_BIAS,
    /** Before it is divided by its largest singular value. */
    ATTENTION_WEIGHT,
    /** The factor of what attention adds. */
    ATTENTION_GAMMA,
    /** One of the two that belong to the largest singular value, as far as they are known. */
    SINGULAR_VECTOR,
    HEAD_WEIGHT,
    HEAD_BIAS;

    /** Returns whether its weight decays: whatever fastai takes for neither norm nor bias. */
    public boolean decays() {
      return this == CONV_WEIGHT
          || this == ATTENTION_WEIGHT
          || this == ATTENTION_GAMMA
          || this == HEAD_WEIGHT;
    }

    /** Returns what the optimizer trains. */
    public boolean trains() {
      return decays()
          || this == NORM_WEIGHT
          || this == NORM_BIAS
          || this == GATE_BIAS
          || this == HEAD_BIAS;
    }

    /** Returns whether it belongs to the layer that a new set of labels replaces. */
    boolean ofHead() {
      return this == HEAD_WEIGHT || this == HEAD_BIAS;
    }
  }

  /**
   * One entry.
   *
   * @param name fastai's name, such as {@code 4.0.convpath.0.0.weight}
   * @param shape in PyTorch's order, convolutions [out, in, kernel, kernel]; empty for a scalar
   * @param zeroInit whether a norm's weight starts at 0
   */
  public record Entry(String name, Kind kind, List<Integer> shape, boolean zeroInit) {

    /** Returns how many numbers it has. */
    public int size() {
      return shape.stream().reduce(1, Math::multiplyExact);
    }
  }

  public Layout {
    entries = List.copyOf(entries);
  }

  /**
   * Returns the layout of {@code architecture} with a head for {@code classes} labels, or of its
   * body alone for 0.
   */
  public static Layout of(Architecture architecture, int classes) {
    List<Entry> entries = new ArrayList<>();
    for (Architecture.Layer layer : architecture.layers()) {
      if (layer instanceof Architecture.ConvLayer conv) {
        add(entries, conv);
      } else if (layer instanceof Architecture.Block block) {
        add(entries, block);
      }
    }
    if (classes > 0) {
      List<Integer> weight = List.of(classes, architecture.features());
      List<Integer> bias = List.of(classes);
      entries.add(new Entry(architecture.head() + ".weight", Kind.HEAD_WEIGHT, weight, false));
      entries.add(new Entry(architecture.head() + ".bias", Kind.HEAD_BIAS, bias, false));
    }
    return new Layout(architecture, classes, entries);
  }

  private static void add(List<Entry> entries, Architecture.Block block) {
    block.convPath().forEach(conv -> add(entries, conv));
    if (block.gate() != null) {
      add(entries, block.gate());
    }
    if (block.attention() != null) {
      add(entries, block.attention());
    }
    if (block.identity() != null) {
      add(entries, block.identity());
    }
  }

  private static void add(List<Entry> entries, Architecture.ConvLayer conv) {
    List<Integer> kernel =
        List.of(conv.out(), conv.in() / conv.groups(), conv.kernel(), conv.kernel());
    List<Integer> perChannel = List.of(conv.out());
    String norm = conv.name() + ".1.";
    entries.add(new Entry(conv.name() + ".0.weight", Kind.CONV_WEIGHT, kernel, false));
    entries.add(new Entry(norm + "weight", Kind.NORM_WEIGHT, perChannel, conv.zeroInit()));
    entries.add(new Entry(norm + "bias", Kind.NORM_BIAS, perChannel, false));
    entries.add(new Entry(norm + "running_mean", Kind.RUNNING_MEAN, perChannel, false));
    entries.add(new Entry(norm + "running_var", Kind.RUNNING_VARIANCE, perChannel, false));
    entries.add(new Entry(norm + "num_batches_tracked", Kind.BATCHES_TRACKED, List.of(), false));
  }

  private static void add(List<Entry> entries, Architecture.Gate gate) {
    int channels = gate.channels();
    int squeezed = gate.squeezed();
    List<Integer> down = List.of(squeezed, channels, 1, 1);
    List<Integer> up = List.of(channels, squeezed, 1, 1);
    entries.add(new Entry(gate.down() + ".weight", Kind.CONV_WEIGHT, down, false));
    entries.add(new Entry(gate.down() + ".bias", Kind.GATE_BIAS, List.of(squeezed), false));
    entries.add(new Entry(gate.up() + ".weight", Kind.CONV_WEIGHT, up, false));
    entries.add(new Entry(gate.up() + ".bias", Kind.GATE_BIAS, List.of(channels), false));
  }

  private static void add(List<Entry> entries, Architecture.Attention attention) {
    List<Integer> channels = List.of(attention.channels());
    List<Integer> matrix = List.of(attention.channels(), attention.channels(), 1);
    entries.add(new Entry(attention.gamma(), Kind.ATTENTION_GAMMA, List.of(1), false));
    entries.add(new Entry(attention.weight(), Kind.ATTENTION_WEIGHT, matrix, false));
    entries.add(new Entry(attention.left(), Kind.SINGULAR_VECTOR, channels, false));
    entries.add(new Entry(attention.right(), Kind.SINGULAR_VECTOR, channels, false));
  }

  /** Returns how many numbers the optimizer trains. */
  public long parameterCount() {
    return entries.stream().filter(e -> e.kind().trains()).mapToLong(Entry::size).sum();
  }
}
