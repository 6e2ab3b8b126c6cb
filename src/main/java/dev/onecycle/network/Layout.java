package dev.onecycle.network;

import java.util.ArrayList;
import java.util.List;

/**
 * The state of a network as an ordered list of named entries, exactly as fastai's {@code
 * state_dict()} lists them: per convolution its weight, then its norm's weight, bias, running mean,
 * running variance and batch counter; last the head's weight and bias.
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
    HEAD_WEIGHT,
    HEAD_BIAS;

    /**
     * Returns convolution and linear weights: those that decay and that a low precision may hold.
     */
    public boolean decays() {
      return this == CONV_WEIGHT || this == HEAD_WEIGHT;
    }

    /** Returns what the optimizer trains. */
    public boolean trains() {
      return decays() || this == NORM_WEIGHT || this == NORM_BIAS || this == HEAD_BIAS;
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
    for (Architecture.ConvLayer conv : architecture.convLayers()) {
      List<Integer> kernel = List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel());
      List<Integer> perChannel = List.of(conv.out());
      String norm = conv.name() + ".1.";
      entries.add(new Entry(conv.name() + ".0.weight", Kind.CONV_WEIGHT, kernel, false));
      entries.add(new Entry(norm + "weight", Kind.NORM_WEIGHT, perChannel, conv.zeroInit()));
      entries.add(new Entry(norm + "bias", Kind.NORM_BIAS, perChannel, false));
      entries.add(new Entry(norm + "running_mean", Kind.RUNNING_MEAN, perChannel, false));
      entries.add(new Entry(norm + "running_var", Kind.RUNNING_VARIANCE, perChannel, false));
      entries.add(new Entry(norm + "num_batches_tracked", Kind.BATCHES_TRACKED, List.of(), false));
    }
    if (classes > 0) {
      List<Integer> head = List.of(classes, architecture.features());
      entries.add(new Entry("11.weight", Kind.HEAD_WEIGHT, head, false));
      entries.add(new Entry("11.bias", Kind.HEAD_BIAS, List.of(classes), false));
    }
    return new Layout(architecture, classes, entries);
  }

  /** Returns how many numbers the optimizer trains. */
  public long parameterCount() {
    return entries.stream().filter(e -> e.kind().trains()).mapToLong(Entry::size).sum();
  }
}
