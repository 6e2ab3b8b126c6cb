package dev.onecycle.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The place of each entry of a {@link Layout} in the three flat vectors that a network is kept in:
 * what decays (convolution and head weights), what does not (norms and biases), and the norms'
 * statistics with attentions' singular vectors. Each is in state-dict order, so a parameter group
 * is one range in each of the first two.
 */
final class FlatLayout {

  private final Layout layout;
  private final MemoryFormat format;
  private final List<Layout.Entry> decayed;
  private final List<Layout.Entry> plain;
  private final List<Layout.Entry> statistics;

  FlatLayout(Layout layout, MemoryFormat format) {
    this.layout = layout;
    this.format = format;
    decayed = entries(kind -> kind.decays());
    plain = entries(kind -> kind.trains() && !kind.decays());
    statistics = entries(kind -> !kind.trains() && kind != Layout.Kind.BATCHES_TRACKED);
  }

  private List<Layout.Entry> entries(Predicate<Layout.Kind> wanted) {
    return layout.entries().stream().filter(entry -> wanted.test(entry.kind())).toList();
  }

  List<Layout.Entry> decayed() {
    return decayed;
  }

  List<Layout.Entry> plain() {
    return plain;
  }

  List<Layout.Entry> statistics() {
    return statistics;
  }

  /** Returns where an entry stands among {@code entries}. */
  static int place(List<Layout.Entry> entries, String name) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no entry " + name + ". This is a bug.");
  }

  MemoryFormat format() {
    return format;
  }

  /** Returns the values of {@code entries} one after the other. */
  float[] flatten(List<Layout.Entry> entries, Map<String, float[]> values) {
    float[] flat = new float[Math.toIntExact(size(entries))];
    int at = 0;
    for (Layout.Entry entry : entries) {
      float[] from = Objects.requireNonNull(values.get(entry.name()), entry.name());
      if (isPermuted(entry)) {
        permute(entry, from, flat, at, true);
      } else {
        System.arraycopy(from, 0, flat, at, from.length);
      }
      at += from.length;
    }
    return flat;
  }

  /** Reverses {@link #flatten}. */
  void unflatten(List<Layout.Entry> entries, float[] flat, Map<String, float[]> values) {
    int at = 0;
    for (Layout.Entry entry : entries) {
      float[] to = new float[entry.size()];
      if (isPermuted(entry)) {
        permute(entry, to, flat, at, false);
      } else {
        System.arraycopy(flat, at, to, 0, to.length);
      }
      values.put(entry.name(), to);
      at += to.length;
    }
  }

  /** Returns all values in the layout's order, from the three vectors. */
  StateDict state(float[] decayed, float[] plain, float[] statistics, long batchesTracked) {
    Map<String, float[]> values = new LinkedHashMap<>();
    unflatten(this.decayed, decayed, values);
    unflatten(this.plain, plain, values);
    unflatten(this.statistics, statistics, values);
    Map<String, float[]> ordered = new LinkedHashMap<>();
    for (Layout.Entry entry : layout.entries()) {
      if (values.containsKey(entry.name())) {
        ordered.put(entry.name(), values.get(entry.name()));
      }
    }
    return new StateDict(layout, ordered, batchesTracked);
  }

  /**
   * Returns the ranges of the parameter groups of discriminative training, lowest first: 1 is the
   * whole network; 2 are body and head; 3 are stem, stages and head.
   *
   * @throws IllegalArgumentException for any other count
   */
  List<Parameters.Range> groups(int count) {
    if (count < 1 || count > 3) {
      throw new IllegalArgumentException(count + " parameter groups, not 1 to 3");
    }
    List<Parameters.Range> groups = new ArrayList<>();
    long d = 0;
    long p = 0;
    for (int group = 0; group < count; group++) {
      long d0 = d;
      long p0 = p;
      d += size(members(decayed, group, count));
      p += size(members(plain, group, count));
      groups.add(new Parameters.Range(d0, d, p0, p));
    }
    return groups;
  }

  private List<Layout.Entry> members(List<Layout.Entry> entries, int group, int count) {
    return entries.stream().filter(entry -> groupOf(entry, count) == group).toList();
  }

  private int groupOf(Layout.Entry entry, int count) {
    boolean stem =
        layout.architecture().stem().stream()
            .anyMatch(conv -> entry.name().startsWith(conv.name() + "."));
    return count == 1 ? 0 : entry.kind().ofHead() ? count - 1 : stem ? 0 : count - 2;
  }

  static long size(List<Layout.Entry> entries) {
    return entries.stream().mapToLong(Layout.Entry::size).sum();
  }

  /** Returns the sizes of {@code entries} as TorchScript text: {@code [864, 9216, ...]}. */
  static String sizes(List<Layout.Entry> entries) {
    List<Integer> sizes = new ArrayList<>();
    entries.forEach(entry -> sizes.add(entry.size()));
    return sizes.toString();
  }

  private boolean isPermuted(Layout.Entry entry) {
    return format == MemoryFormat.CHANNELS_LAST && entry.kind() == Layout.Kind.CONV_WEIGHT;
  }

  /**
   * Copies between [out, in, height, width] in {@code named} and [out, height, width, in] in the
   * flat.
   */
  private static void permute(
      Layout.Entry entry, float[] named, float[] flat, int at, boolean toFlat) {
    int in = entry.shape().get(1);
    int area = entry.shape().get(2) * entry.shape().get(3);
    int out = entry.shape().get(0);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        for (int p = 0; p < area; p++) {
          int n = (o * in + i) * area + p;
          int f = at + (o * area + p) * in + i;
          if (toFlat) {
            flat[f] = named[n];
          } else {
            named[n] = flat[f];
          }
        }
      }
    }
  }
}
