package dev.onecycle.network;

import static dev.onecycle.network.FormulaNetworks.l2;
import static dev.onecycle.network.FormulaNetworks.projection;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.Objective;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every network of the family, activation, pooling and attention against fastai's own, and the
 * spine against PyTorch's grouped convolutions, by the numbers of {@code
 * src/test/python/goldens.py}.
 */
@ExtendWith(OnTorchThread.class)
class NetworkFamilyTest {

  /** Of the largest logit. */
  private static final double LOGITS = 1e-5;

  @Test
  void stateEntriesAreFastais() throws NoSuchAlgorithmException {
    JsonNode goldens = Goldens.json("M_networks/names.json");
    for (String name : XResNet.names()) {
      for (boolean attention : new boolean[] {false, true}) {
        NetworkKind kind = new NetworkKind(name, Activation.MISH, Pooling.MAXBLUR, attention);
        Layout layout = Layout.of(Architecture.of(kind), 10);
        JsonNode golden = goldens.get(attention ? name + " self-attention" : name);
        assertThat(layout.entries()).as(name).hasSize(golden.get("entries").asInt());
        assertThat(layout.parameterCount()).as(name).isEqualTo(golden.get("parameters").asLong());
        assertThat(sha256(layout)).as(name).isEqualTo(golden.get("sha256").asString());
      }
    }
    assertThat(goldens.size()).isEqualTo(2 * XResNet.names().size());
  }

  private static String sha256(Layout layout) throws NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    StringBuilder lines = new StringBuilder();
    for (Layout.Entry entry : layout.entries()) {
      lines.append(entry.name()).append(' ').append(entry.shape()).append('\n');
    }
    return HexFormat.of().formatHex(sha256.digest(lines.toString().getBytes(UTF_8)));
  }

  static Iterable<JsonNode> networks() {
    return Goldens.json("M_networks/networks.json");
  }

  @ParameterizedTest
  @MethodSource("networks")
  void logitsGradientsAndStatisticsAreFastais(JsonNode golden) {
    Goldens.withinRounding(scale -> check(golden, scale));
  }

  private static void check(JsonNode golden, double scale) {
    Layout layout = Layout.of(FormulaNetworks.architecture(kind(golden)), 10);
    StateDict state = FormulaNetworks.filled(layout, true);
    int n = golden.get("pictures").asInt();
    try (Scope scope = Scope.open();
        Network network = new Network(state, Numerics.fast(DType.FLOAT32));
        Objective objective = new Objective(0)) {
      Tensor pictures = FormulaNetworks.input(1, n, golden.get("size").asInt(), scale);
      checkLogits(network.evaluate(pictures).floats(), golden.get("evaluated"), LOGITS);
      Parameters leaves = network.parameters().leaves();
      Tensor logits;
      Tensor loss;
      try (var recording = Gradients.record()) {
        logits = network.train(leaves, pictures);
        loss = objective.loss(logits, FormulaNetworks.targets(1, n));
      }
      loss.backward();
      checkLogits(logits.floats(), golden.get("trained"), LOGITS);
      assertThat((double) loss.item()).isCloseTo(golden.get("loss").asDouble(), within(1e-5));
      checkArrays(gradients(leaves, layout), layout, golden.get("gradients"), 5e-3);
      checkArrays(network.state().values(), layout, golden.get("statistics"), 1e-4);
    }
  }

  /** bfloat16 has 8 bits; what is cubic in its input stays in 32. */
  @Test
  void lowPrecisionStaysClose() {
    JsonNode golden = null;
    for (JsonNode each : networks()) {
      golden = each.get("architecture").asString().equals("xse_resnext50") ? each : golden;
    }
    Layout layout = Layout.of(FormulaNetworks.architecture(kind(golden)), 10);
    StateDict state = FormulaNetworks.filled(layout, true);
    int size = golden.get("size").asInt();
    try (Network network = new Network(state, Numerics.fast(DType.BFLOAT16));
        InferenceNetwork inference = InferenceNetwork.of(state, DType.BFLOAT16, size)) {
      Tensor pictures = FormulaNetworks.input(1, golden.get("pictures").asInt(), size);
      checkLogits(inference.logits(pictures).floats(), golden.get("evaluated"), 0.05);
      checkLogits(network.evaluate(pictures).floats(), golden.get("evaluated"), 0.05);
      checkLogits(
          network.train(network.parameters(), pictures).floats(), golden.get("trained"), 0.1);
    }
  }

  private static NetworkKind kind(JsonNode golden) {
    return new NetworkKind(
        golden.get("architecture").asString(),
        Activation.valueOf(golden.get("activation").asString().toUpperCase(Locale.ROOT)),
        Pooling.valueOf(golden.get("pooling").asString().toUpperCase(Locale.ROOT)),
        golden.get("selfAttention").asBoolean());
  }

  private static void checkLogits(float[] found, JsonNode rows, double tolerance) {
    double largest = 0;
    for (float logit : found) {
      largest = Math.max(largest, Math.abs(logit));
    }
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode expected : row) {
        assertThat((double) found[i++]).isCloseTo(expected.asDouble(), within(tolerance * largest));
      }
    }
    assertThat(found).hasSize(i);
  }

  private static Map<String, float[]> gradients(Parameters leaves, Layout layout) {
    FlatLayout flat = new FlatLayout(layout, MemoryFormat.CHANNELS_LAST);
    Map<String, float[]> named = new LinkedHashMap<>();
    flat.unflatten(flat.decayed(), leaves.gradients().decayed().floats(), named);
    flat.unflatten(flat.plain(), leaves.gradients().plain().floats(), named);
    return named;
  }

  /** Compares lengths and products with a pseudo-random vector, which any transposition changes. */
  private static void checkArrays(
      Map<String, float[]> found, Layout layout, JsonNode golden, double tolerance) {
    int checked = 0;
    for (int t = 0; t < layout.entries().size(); t++) {
      String name = layout.entries().get(t).name();
      if (golden.has(name)) {
        double length = golden.get(name).get(0).asDouble();
        double error = tolerance * length + 1e-6;
        assertThat(l2(found.get(name))).as(name).isCloseTo(length, within(error));
        assertThat(projection(found.get(name), t))
            .as(name)
            .isCloseTo(golden.get(name).get(1).asDouble(), within(5 * error));
        checked++;
      }
    }
    assertThat(checked).isEqualTo(golden.size());
  }
}
