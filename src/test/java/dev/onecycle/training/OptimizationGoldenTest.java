package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.Parameters;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Optimizer;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.Gradients;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.optimizer.Optimization;
import dev.onecycle.training.optimizer.Rates;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Smoothing, the schedule, AdamW and five steps of a network, against fastai's numbers. */
@ExtendWith(OnTorchThread.class)
class OptimizationGoldenTest {

  private static final Optimizer FASTAI = optimizer("adamw");

  @Test
  void oneVectorFollowsAdamW() {
    JsonNode golden = Goldens.json("B_schedule/adamw_vector.json");
    Parameters parameters = both(floats(golden.get("p0")));
    List<Parameters.Range> whole = List.of(new Parameters.Range(0, 5, 0, 5));
    try (Optimization optimizer = new Optimization(parameters, whole, sizes(5, 5), FASTAI)) {
      for (int step = 0; step < golden.get("lr").size(); step++) {
        Parameters gradients = both(floats(golden.get("grads").get(step)));
        double learningRate = golden.get("lr").get(step).asDouble();
        double momentum = golden.get("mom").get(step).asDouble();
        optimizer.step(gradients, List.of(new Rates(learningRate, momentum, false)));
        JsonNode after = golden.get("params_after_each_step");
        assertThat(parameters.decayed().floats())
            .containsExactly(floats(after.get("decayed").get(step)), within(1e-6f));
        assertThat(parameters.plain().floats())
            .containsExactly(floats(after.get("not_decayed").get(step)), within(1e-6f));
      }
    }
  }

  private static Optimizer optimizer(String kind) {
    Map<String, ?> numbers = Map.of("kind", kind, "weightDecay", 0.01);
    return RecipeReader.read(Map.of("optimizer", numbers), null).optimizer();
  }

  /** Twelve steps with other rates and momentums each, by src/test/python/goldens.py. */
  @ParameterizedTest
  @ValueSource(strings = {"adamw", "lookahead", "ranger", "rangerlars", "sgd"})
  void twelveStepsAreThoseOfPython(String kind) {
    JsonNode golden = Goldens.json("N_optimizers/optimizers.json").get(kind);
    Parameters parameters = new Parameters(random(3, 0, 7), random(3, 1, 5));
    List<Parameters.Range> whole = List.of(new Parameters.Range(0, 7, 0, 5));
    try (Optimization optimizer =
        new Optimization(parameters, whole, sizes(7, 5), optimizer(kind))) {
      for (int step = 0; step < golden.size(); step++) {
        Parameters gradients = new Parameters(random(4, step, 7), random(5, step, 5));
        Rates rates = new Rates(.01 * (1 + step % 4), .95 - .01 * (step % 3), false);
        optimizer.step(gradients, List.of(rates));
        assertThat(parameters.decayed().floats())
            .as("after step %d", step + 1)
            .containsExactly(floats(golden.get(step).get(0)), within(2e-6f));
        assertThat(parameters.plain().floats())
            .as("after step %d", step + 1)
            .containsExactly(floats(golden.get(step).get(1)), within(2e-6f));
      }
      assertThat(golden.size()).isEqualTo(12);
    }
  }

  private static Parameters.Sizes sizes(int decayed, int plain) {
    return new Parameters.Sizes(List.of(decayed), List.of(plain));
  }

  private static Tensor random(long seed, long tensor, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) Goldens.random(seed, tensor, i);
    }
    return Tensor.of(values, count);
  }

  private static Parameters both(float[] values) {
    return new Parameters(Tensor.of(values, values.length), Tensor.of(values, values.length));
  }

  @Test
  void smoothedLossIsFastais() {
    SmoothedLoss smoothed = new SmoothedLoss();
    for (JsonNode row :
        Goldens.json("D_metrics/smoothing.json").get("avg_smooth_loss").get("rows")) {
      smoothed.add(row.get("loss").asDouble());
      assertThat(smoothed.value()).isCloseTo(row.get("value").asDouble(), within(1e-5));
    }
  }

  /** One fit of three epochs: the average carries over, and is shown as it stands at their ends. */
  @Test
  void smoothedLossGoesOnFromEpochToEpoch() {
    JsonNode golden = Goldens.json("D_metrics/smoothing.json").get("recorder_3_epochs");
    SmoothedLoss smoothed = new SmoothedLoss();
    int step = 0;
    for (JsonNode epoch : golden.get("epoch_rows_train_valid_metric")) {
      for (JsonNode loss : golden.get("train_losses_per_epoch")) {
        smoothed.add(loss.asDouble());
        double expected = golden.get("recorder_losses_all_steps").get(step++).asDouble();
        assertThat(smoothed.value()).isCloseTo(expected, within(1e-5));
      }
      assertThat(smoothed.value()).isCloseTo(epoch.get(0).asDouble(), within(1e-5));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "xrn_b1, dense, 1e-5, 1e-4",
    "xrn_b1, init, 5e-4, 2e-3",
    "xrn_tiny, init, 1e-5, 1e-3",
    "xresnet50, init, 1e-4, 3e-3"
  })
  void fiveStepsOfANetworkAreFastais(String model, String fill, double lossError, double l2Error) {
    Goldens.withinRounding(scale -> checkFiveSteps(model, fill, scale, lossError, l2Error));
  }

  private static void checkFiveSteps(
      String model, String fill, double scale, double lossError, double l2Error) {
    JsonNode golden = Goldens.json("A_xresnet/" + model + "_" + fill + "_adamw5.json");
    JsonNode rows = golden.get("fp64").get("rows");
    Layout layout = Layout.of(FormulaNetworks.architecture(model), 10);
    StateDict state = FormulaNetworks.filled(layout, fill.equals("dense"));
    OneCycle schedule = new OneCycle(3e-3, .25, 25, 1e5, OneCycle.Momentum.FASTAI);
    SmoothedLoss smoothed = new SmoothedLoss();
    try (Network network = new Network(state, Numerics.REFERENCE);
        Optimization optimizer =
            new Optimization(network.parameters(), network.groups(1), network.sizes(), FASTAI);
        Objective objective = new Objective(0)) {
      for (int k = 0; k < rows.size(); k++) {
        double position = (double) k / rows.size();
        double learningRate = schedule.learningRateAt(position);
        assertThat(learningRate).isCloseTo(rows.get(k).get("lr").asDouble(), within(1e-9));
        try (Scope step = Scope.open()) {
          Parameters leaves = network.parameters().leaves();
          Tensor loss;
          try (var recording = Gradients.record()) {
            Tensor logits = network.train(leaves, FormulaNetworks.input(2000 + k, 4, 64, scale));
            loss = objective.loss(logits, FormulaNetworks.targets(k, 4));
          }
          loss.backward();
          double momentum = schedule.momentumAt(position);
          optimizer.step(leaves.gradients(), List.of(new Rates(learningRate, momentum, false)));
          smoothed.add(loss.item());
        }
        assertThat(smoothed.value())
            .as("loss of step %d", k + 1)
            .isCloseTo(rows.get(k).get("smooth_loss").asDouble(), within(lossError));
      }
      JsonNode after = golden.get("fp64").get("after").get("5");
      StateDict trained = network.state();
      assertThat(after.size()).isGreaterThanOrEqualTo(trained.values().size());
      for (String name : trained.values().keySet()) {
        double norm = after.get(name).get("l2").asDouble();
        assertThat(FormulaNetworks.l2(trained.values().get(name)))
            .as(name)
            .isCloseTo(norm, within(l2Error * norm + 1e-6));
      }
      assertThat(trained.batchesTracked()).isEqualTo(5);
    }
  }

  private static float[] floats(JsonNode numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers.get(i).asDouble();
    }
    return values;
  }
}
