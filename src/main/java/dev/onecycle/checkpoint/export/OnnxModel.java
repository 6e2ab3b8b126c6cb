package dev.onecycle.checkpoint.export;

import static dev.onecycle.checkpoint.export.Graph.number;
import static dev.onecycle.checkpoint.export.Graph.numbers;
import static dev.onecycle.checkpoint.export.Graph.real;
import static dev.onecycle.checkpoint.export.Graph.word;

import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.export.Graph.Element;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Architecture.Attention;
import dev.onecycle.network.Architecture.Block;
import dev.onecycle.network.Architecture.ConvLayer;
import dev.onecycle.network.Architecture.Gate;
import dev.onecycle.network.Architecture.Layer;
import dev.onecycle.network.Architecture.Pool;
import dev.onecycle.network.Layout;
import dev.onecycle.platform.ProtobufMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;

/**
 * A checkpoint as a model of ONNX, operators of version 18: the architecture's walk from a picture
 * to logits, the weights under fastai's names, and what its users need to know as metadata. It has
 * the same bytes whenever it is written.
 */
public final class OnnxModel {

  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 18;
  private static final float EPSILON = 1e-5f;
  private static final String BATCH = "n";
  private static final float[] BLUR = {1, 5, 10, 10, 5, 1};

  /** What becomes one matrix. */
  private static final Set<Layout.Kind> MERGED =
      EnumSet.of(
          Layout.Kind.ATTENTION_WEIGHT, Layout.Kind.ATTENTION_GAMMA, Layout.Kind.SINGULAR_VECTOR);

  private final Graph graph = new Graph();
  private final ProtobufMessage model = new ProtobufMessage();
  private final Function<String, float[]> weights;
  private final Architecture architecture;

  /** Names of numbers that are declared. */
  private final Set<String> constants = new HashSet<>();

  /** How many pixels wide and high the value is that a layer takes. */
  private int side;

  /**
   * What is done inside.
   *
   * @param normalize whether the input is pixels in 0 to 1, {@code pixels} [n, 3, S, S]; else they
   *     are normalised already
   * @param resize whether the input is {@code picture} [n, height, width, 3] uint8 of any size: its
   *     middle square is resized, and normalised
   * @param labels whether the best of them is an output, too, as texts [n]
   */
  public record Options(boolean normalize, boolean resize, boolean labels) {}

  /**
   * Describes a model.
   *
   * @param weights by their names; asked for while it is written
   */
  public OnnxModel(Manifest manifest, Options options, Function<String, float[]> weights) {
    this.weights = weights;
    Layout layout = manifest.layout();
    architecture = layout.architecture();
    side = manifest.preprocessing().size();
    declare(layout);
    String x = input(manifest.preprocessing(), options);
    answer(features(x), manifest.labels(), options.labels());
    model.number(1, IR_VERSION).text(2, "onecycle");
    model.message(7, graph.message(architecture.name()));
    model.message(8, new ProtobufMessage().text(1, "").number(2, OPERATORS));
    metadata(manifest)
        .forEach(
            (key, value) -> model.message(14, new ProtobufMessage().text(1, key).text(2, value)));
  }

  /** Returns how many bytes it has. */
  public long size() {
    return model.size();
  }

  /** Writes it. */
  public void write(OutputStream out) throws IOException {
    model.write(out);
  }

  private static Map<String, String> metadata(Manifest manifest) {
    JsonMapper mapper = new JsonMapper();
    Preprocessing preprocessing = manifest.preprocessing();
    return new TreeMap<>(
        Map.of(
            "architecture", manifest.network().label(),
            "labels", mapper.writeValueAsString(manifest.labels()),
            "mean", mapper.writeValueAsString(preprocessing.normalization().mean()),
            "std", mapper.writeValueAsString(preprocessing.normalization().std()),
            "size", Integer.toString(preprocessing.size())));
  }

  private void declare(Layout layout) {
    for (Layout.Entry entry : layout.entries()) {
      if (entry.kind() != Layout.Kind.BATCHES_TRACKED && !MERGED.contains(entry.kind())) {
        graph.floats(entry.name(), entry.shape(), () -> weights.apply(entry.name()));
      }
    }
  }

  /** Makes the network's input [n, 3, S, S] of the model's. */
  private String input(Preprocessing preprocessing, Options options) {
    long size = preprocessing.size();
    Normalization normalization = preprocessing.normalization();
    if (options.resize()) {
      List<Object> shape = List.of(BATCH, "height", "width", 3);
      return normalized(resized(graph.input("picture", Element.UINT8, shape), size), normalization);
    }
    String pixels = graph.input("pixels", Element.FLOAT, List.of(BATCH, 3, size, size));
    return options.normalize() ? normalized(pixels, normalization) : pixels;
  }

  /** The middle square of [n, height, width, 3], its sides {@code size} long, in 0 to 1. */
  private String resized(String picture, long size) {
    graph.longs("both", 0);
    graph.longs("two", 2);
    graph.longs("sides", 1, 2);
    String shape =
        graph.node("shape", "Shape", List.of(picture), number("start", 1), number("end", 3));
    String side = graph.node("side", "ReduceMin", List.of(shape, "both"), number("keepdims", 1));
    String rest = graph.node("rest", "Sub", List.of(shape, side));
    String from = graph.node("from", "Div", List.of(rest, "two"));
    String to = graph.node("to", "Add", List.of(from, side));
    String square = graph.node("square", "Slice", List.of(picture, from, to, "sides"));
    String numbers =
        graph.node("numbers", "Cast", List.of(square), number("to", Element.FLOAT.code()));
    String planes =
        graph.node("planes", "Transpose", List.of(numbers), numbers("perm", 0, 3, 1, 2));
    graph.longs("size", size, size);
    String resized =
        graph.node(
            "resized",
            "Resize",
            List.of(planes, "", "", "size"),
            number("antialias", 1),
            numbers("axes", 2, 3),
            word("mode", "linear"));
    graph.floats("white", List.of(), () -> new float[] {255});
    return graph.node("scaled", "Div", List.of(resized, "white"));
  }

  private String normalized(String x, Normalization normalization) {
    String mean = graph.floats("mean", List.of(3, 1, 1), () -> floats(normalization.mean()));
    String std = graph.floats("std", List.of(3, 1, 1), () -> floats(normalization.std()));
    String centred = graph.node("centred", "Sub", List.of(x, mean));
    return graph.node("normalized", "Div", List.of(centred, std));
  }

  private static float[] floats(List<Double> numbers) {
    float[] floats = new float[numbers.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = numbers.get(i).floatValue();
    }
    return floats;
  }

  /** From [n, 3, S, S] to [n, features]. */
  private String features(String input) {
    String x = input;
    for (Layer layer : architecture.layers()) {
      if (layer instanceof ConvLayer conv) {
        x = activated(conv.name() + ".act", norm(conv, x));
        side = (side + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1;
      } else if (layer instanceof Pool pool) {
        x = pooled("pool", pool, x);
        side = halved();
      } else if (layer instanceof Block block) {
        x = block(block, x);
        side = block.pool() == null ? side : halved();
      }
    }
    String mean = graph.node("pooled", "GlobalAveragePool", List.of(x));
    return graph.node("flat", "Flatten", List.of(mean));
  }

  private int halved() {
    return (side + 1) / 2;
  }

  private String block(Block block, String x) {
    List<ConvLayer> path = block.convPath();
    int last = path.size() - 1;
    String y = x;
    for (ConvLayer layer : path.subList(0, last)) {
      y = activated(layer.name() + ".act", norm(layer, y));
    }
    y = norm(path.get(last), y);
    if (block.gate() != null) {
      y = gated(block.gate(), y);
    }
    if (block.attention() != null) {
      y = attended(block.attention(), y);
    }
    String identity = x;
    if (block.pool() != null) {
      identity = pooled(block.name() + ".pool", block.pool(), x);
    }
    if (block.identity() != null) {
      identity = norm(block.identity(), identity);
    }
    String sum = graph.node(block.name() + ".add", "Add", List.of(y, identity));
    return activated(block.name() + ".act", sum);
  }

  private String norm(ConvLayer layer, String x) {
    String conv =
        graph.node(
            layer.name() + ".conv",
            "Conv",
            List.of(x, layer.name() + ".0.weight"),
            window(layer.kernel()),
            strides(layer.stride()),
            padding(layer.padding()),
            number("group", layer.groups()));
    String norm = layer.name() + ".1.";
    return graph.node(
        layer.name() + ".norm",
        "BatchNormalization",
        List.of(conv, norm + "weight", norm + "bias", norm + "running_mean", norm + "running_var"),
        real("epsilon", EPSILON));
  }

  private String activated(String name, String x) {
    return switch (architecture.activation()) {
      case RELU -> graph.node(name, "Relu", List.of(x));
      case MISH -> graph.node(name, "Mish", List.of(x));
      case HARDSWISH -> graph.node(name, "HardSwish", List.of(x));
      case SILU -> {
        String share = graph.node(name + ".share", "Sigmoid", List.of(x));
        yield graph.node(name, "Mul", List.of(x, share));
      }
      case GELU -> {
        // x times the share of a normal distribution that is below it.
        String scaled = graph.node(name + ".scaled", "Mul", List.of(x, constant(Math.sqrt(.5))));
        String error = graph.node(name + ".erf", "Erf", List.of(scaled));
        String both = graph.node(name + ".both", "Add", List.of(error, constant(1)));
        String share = graph.node(name + ".share", "Mul", List.of(both, constant(.5)));
        yield graph.node(name, "Mul", List.of(x, share));
      }
    };
  }

  private String constant(double value) {
    String name = "constant " + value;
    if (constants.add(name)) {
      graph.floats(name, List.of(), () -> new float[] {(float) value});
    }
    return name;
  }

  private String pooled(String name, Pool pool, String x) {
    return switch (pool.kind()) {
      case MAX -> graph.node(name, "MaxPool", List.of(x), window(3), strides(2), padding(1));
      case AVERAGE ->
          graph.node(
              name, "AveragePool", List.of(x), window(2), strides(2), number("ceil_mode", 1));
      case MAX_BLUR -> blurred(name, pool.channels(), x);
    };
  }

  /** The largest of 3x3 at every place, then every second place of a blur of 6x6. */
  private String blurred(String name, int channels, String x) {
    String largest =
        graph.node(name + ".max", "MaxPool", List.of(x), window(3), strides(1), padding(1));
    long after = 2L + side % 2;
    String edges = graph.longs(name + ".edges", 0, 0, 2, 2, 0, 0, after, after);
    String mode = side > 3 ? "reflect" : "edge"; // a reflection needs more numbers than it mirrors
    String padded = graph.node(name + ".pad", "Pad", List.of(largest, edges), word("mode", mode));
    String kernel =
        graph.floats(name + ".kernel", List.of(channels, 1, 6, 6), () -> blur(channels));
    return graph.node(
        name,
        "Conv",
        List.of(padded, kernel),
        window(6),
        strides(2),
        padding(0),
        number("group", channels));
  }

  private static float[] blur(int channels) {
    float[] kernels = new float[channels * BLUR.length * BLUR.length];
    for (int i = 0; i < kernels.length; i++) {
      int place = i % (BLUR.length * BLUR.length);
      kernels[i] = BLUR[place / BLUR.length] * BLUR[place % BLUR.length] / 1024;
    }
    return kernels;
  }

  private String gated(Gate gate, String y) {
    String mean = graph.node(gate.name() + ".mean", "GlobalAveragePool", List.of(y));
    String less = affine(gate.name() + ".layers.1.0", mean);
    String more =
        affine(gate.name() + ".layers.2.0", activated(gate.name() + ".layers.1.act", less));
    String share = graph.node(gate.name() + ".share", "Sigmoid", List.of(more));
    return graph.node(gate.name(), "Mul", List.of(y, share));
  }

  private String affine(String layer, String x) {
    List<String> from = List.of(x, layer + ".weight", layer + ".bias");
    return graph.node(layer, "Conv", from, window(1));
  }

  /** With X as [channels, places]: X + (X X') (M X). */
  private String attended(Attention attention, String y) {
    String name = attention.name();
    int channels = attention.channels();
    String matrix =
        graph.floats(name + ".matrix", List.of(channels, channels), () -> matrix(name, channels));
    String shape = graph.node(name + ".shape", "Shape", List.of(y));
    String rows = graph.longs(name + ".rows", 0, 0, -1);
    String x = graph.node(name + ".x", "Reshape", List.of(y, rows));
    String turned = graph.node(name + ".turned", "Transpose", List.of(x), numbers("perm", 0, 2, 1));
    String alike = graph.node(name + ".alike", "MatMul", List.of(x, turned));
    String mixed = graph.node(name + ".mixed", "MatMul", List.of(matrix, x));
    String told = graph.node(name + ".told", "MatMul", List.of(alike, mixed));
    String sum = graph.node(name + ".sum", "Add", List.of(told, x));
    return graph.node(name, "Reshape", List.of(sum, shape));
  }

  /** The matrix of an attention by its largest singular value, u' W v, times the factor gamma. */
  private float[] matrix(String attention, int channels) {
    float[] weight = weights.apply(attention + ".conv.weight_orig");
    float[] left = weights.apply(attention + ".conv.weight_u");
    float[] right = weights.apply(attention + ".conv.weight_v");
    double largest = 0;
    for (int i = 0; i < weight.length; i++) {
      largest += (double) left[i / channels] * weight[i] * right[i % channels];
    }
    float gamma = weights.apply(attention + ".gamma")[0];
    float[] matrix = new float[weight.length];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) (gamma * weight[i] / largest);
    }
    return matrix;
  }

  private static ProtobufMessage window(long size) {
    return numbers("kernel_shape", size, size);
  }

  private static ProtobufMessage strides(long step) {
    return numbers("strides", step, step);
  }

  private static ProtobufMessage padding(long width) {
    return numbers("pads", width, width, width, width);
  }

  private void answer(String features, List<String> labels, boolean named) {
    String layer = architecture.head();
    List<String> head = List.of(features, layer + ".weight", layer + ".bias");
    String logits = graph.node("logits", "Gemm", head, number("transB", 1));
    List<Object> shape = List.of(BATCH, labels.size());
    graph.output(logits, Element.FLOAT, shape);
    graph.output(
        graph.node("probabilities", "Softmax", List.of(logits), number("axis", 1)),
        Element.FLOAT,
        shape);
    if (named) {
      String best =
          graph.node("best", "ArgMax", List.of(logits), number("axis", 1), number("keepdims", 0));
      String names = graph.texts("labels", labels);
      graph.output(
          graph.node("label", "Gather", List.of(names, best)), Element.STRING, List.of(BATCH));
    }
  }
}
