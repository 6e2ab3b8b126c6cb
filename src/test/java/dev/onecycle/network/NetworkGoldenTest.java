package dev.onecycle.network;

import static dev.onecycle.network.FormulaNetworks.l2;
import static dev.onecycle.network.FormulaNetworks.projection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The network against fastai's own: names, logits, loss, every gradient, running statistics. */
@ExtendWith(OnTorchThread.class)
class NetworkGoldenTest {

  @Test
  void formulasGiveTheReferenceNumbers() {
    for (JsonNode row : Goldens.json("A_xresnet/hash_check.json").get("r")) {
      long seed = row.get("seed").asLong();
      double r = Goldens.random(seed, row.get("t").asLong(), row.get("i").asLong());
      assertThat(r).isEqualTo(row.get("r").asDouble());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xresnet50", "xrn_b1", "xrn_tiny"})
  void stateEntriesAreFastais(String model) {
    Layout layout = Layout.of(FormulaNetworks.architecture(model), 10);
    JsonNode spec = Goldens.json("A_xresnet/" + model + "_spec.json");
    assertThat(layout.parameterCount()).isEqualTo(spec.get("n_params").asLong());
    JsonNode state = spec.get("state");
    assertThat(layout.entries()).hasSize(state.size());
    for (int t = 0; t < state.size(); t++) {
      Layout.Entry entry = layout.entries().get(t);
      assertThat(entry.name()).isEqualTo(state.get(t).get("name").asString());
      assertThat(entry.shape())
          .isEqualTo(state.get(t).get("shape").valueStream().map(JsonNode::asInt).toList());
      assertThat(entry.kind().trains()).isEqualTo(state.get(t).get("param").asBoolean());
    }
    assertThat(names(layout, Layout.Entry::zeroInit))
        .isEqualTo(strings(spec.get("bn_weights_init_zero")));
    assertThat(names(layout, entry -> entry.kind().decays()))
        .containsExactlyInAnyOrderElementsOf(strings(spec.get("decayed")));
  }

  @ParameterizedTest
  @CsvSource({
    "xrn_tiny, dense, CHANNELS_LAST, 5e-3",
    "xrn_tiny, dense, CONTIGUOUS, 5e-3",
    "xrn_tiny, init, CHANNELS_LAST, 5e-3",
    "xrn_b1, dense, CHANNELS_LAST, 5e-3",
    "xrn_b1, init, CHANNELS_LAST, 5e-3",
    // Other kernels round otherwise, and a ReLU that sits on 0 there moves the gradients behind it.
    "xresnet50, dense, CHANNELS_LAST, 2e-2",
    "xresnet50, dense, CONTIGUOUS, 5e-3",
    "xresnet50, init, CHANNELS_LAST, 5e-3"
  })
  void logitsGradientsAndStatisticsAreFastais(
      String model, String fill, MemoryFormat format, double tolerance) {
    Layout layout = Layout.of(FormulaNetworks.architecture(model), 10);
    StateDict state = FormulaNetworks.filled(layout, fill.equals("dense"));
    String file = "A_xresnet/" + model + "_" + fill + "_forward.json";
    for (JsonNode golden : Goldens.json(file).get("cases")) {
      try (Scope scope = Scope.open();
          Network network = new Network(state, new Numerics(DType.FLOAT32, format));
          Objective objective = new Objective(0)) {
        int n = golden.get("bs").asInt();
        int t = golden.get("input_t").asInt();
        JsonNode truth = golden.get("fp64");
        Tensor pictures = FormulaNetworks.input(t, n, golden.get("size").asInt());

        assertThat(network.evaluate(pictures).floats())
            .containsExactly(floats(truth.get("eval_logits")), within(2e-5f));

        Parameters leaves = network.parameters().leaves();
        Tensor logits;
        Tensor loss;
        try (var recording = Gradients.record()) {
          logits = network.train(leaves, pictures);
          loss = objective.loss(logits, FormulaNetworks.targets(t, n));
        }
        loss.backward();
        assertThat(logits.floats())
            .containsExactly(floats(truth.get("train_logits")), within(5e-5f));
        assertThat((double) loss.item())
            .isCloseTo(truth.get("train_loss").asDouble(), within(2e-5));

        Map<String, float[]> gradients = named(leaves.gradients(), layout, format);
        checkGradients(gradients, layout, truth.get("grads"), tolerance);
        checkStatistics(network.state(), truth.get("bn_running_after_1_train_fwd"));
      }
    }
  }

  private static Map<String, float[]> named(
      Parameters gradients, Layout layout, MemoryFormat format) {
    FlatLayout packing = new FlatLayout(layout, format);
    Map<String, float[]> named = new LinkedHashMap<>();
    packing.unflatten(packing.decayed(), gradients.decayed().floats(), named);
    packing.unflatten(packing.plain(), gradients.plain().floats(), named);
    return named;
  }

  private static void checkGradients(
      Map<String, float[]> named, Layout layout, JsonNode golden, double tolerance) {
    assertThat(named).hasSize(golden.size());
    for (int t = 0; t < layout.entries().size(); t++) {
      String name = layout.entries().get(t).name();
      if (golden.has(name)) {
        double norm = golden.get(name).get("l2").asDouble();
        assertThat(l2(named.get(name))).as(name).isCloseTo(norm, within(tolerance * norm + 1e-6));
        // The projection is there to find permutations, which move it by as much as the norm.
        assertThat(projection(named.get(name), t))
            .as(name)
            .isCloseTo(golden.get(name).get("proj").asDouble(), within(5e-2 * norm + 1e-6));
      }
    }
  }

  private static void checkStatistics(StateDict after, JsonNode golden) {
    assertThat(golden.size()).isPositive();
    for (String name : golden.propertyNames()) {
      JsonNode expected = golden.get(name);
      double norm = expected.get("l2").asDouble();
      assertThat(l2(after.values().get(name))).as(name).isCloseTo(norm, within(1e-5 * norm + 1e-7));
    }
    assertThat(after.batchesTracked()).isEqualTo(1);
  }

  private static float[] floats(JsonNode rows) {
    float[] flat = new float[rows.size() * rows.get(0).size()];
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode number : row) {
        flat[i++] = (float) number.asDouble();
      }
    }
    return flat;
  }

  private static List<String> names(
      Layout layout, java.util.function.Predicate<Layout.Entry> wanted) {
    return layout.entries().stream().filter(wanted).map(Layout.Entry::name).toList();
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
