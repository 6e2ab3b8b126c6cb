package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.testing.Goldens;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whole runs of the trainer against fastai's, step by step: the goldens' "K". */
@ExtendWith(OnTorchThread.class)
class EndToEndGoldenTest {

  @Test
  void progressiveResizingWithFineTuneIsFastais() {
    // fine_tune on a plain Learner: one parameter group, nothing frozen, two fresh optimizers.
    String recipe =
        """
        {"architecture": "xresnet18", "normalize": "none", "itemSize": 128, "phases": [
          {"policy": "one-cycle", "size": 64, "batchSize": 8, "epochs": 2, "learningRate": 3e-3},
          {"policy": "fine-tune", "size": 96, "batchSize": 8, "epochs": 2, "learningRate": 1e-3,
           "parameterGroups": 1}]}
        """;
    Goldens.withinRounding(
        scale -> check("progressive_ce", recipe, scale, new int[] {64, 96}, 3e-4, 5e-3, 4e-3));
  }

  @Test
  void labelSmoothingIsFastais() {
    String recipe =
        """
        {"architecture": "xresnet18", "normalize": "none", "itemSize": 128, "labelSmoothing": 0.1,
         "phases": [
          {"policy": "one-cycle", "size": 64, "batchSize": 8, "epochs": 2, "learningRate": 3e-3}]}
        """;
    Goldens.withinRounding(
        scale -> check("label_smoothing", recipe, scale, new int[] {64}, 1e-5, 1e-4, 1e-4));
  }

  private static void check(
      String name,
      String recipeText,
      double scale,
      int[] sizes,
      double stepError,
      double l2Error,
      double softmaxError) {
    JsonNode golden = Goldens.json("K_end_to_end/e2e.json").get(name).get("fp64");
    Layout layout = Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10);
    HeardTraining heard = new HeardTraining();
    StateDict trained;
    try (Trainer trainer =
        new Trainer(
            recipe(recipeText),
            new StripeBatches(sizes, scale),
            FormulaNetworks.filled(layout, false),
            Numerics.REFERENCE,
            heard,
            () -> false)) {
      assertThat(trainer.train()).isTrue();
      trained = trainer.state();
    }
    JsonNode epochs = golden.get("epochs");
    assertThat(heard.epochs()).hasSize(epochs.size());
    for (int i = 0; i < epochs.size(); i++) {
      TrainingListener.Epoch epoch = heard.epochs().get(i);
      JsonNode row = epochs.get(i);
      assertThat(epoch.trainLoss()).isCloseTo(row.get("train_loss").asDouble(), within(stepError));
      assertThat(epoch.validLoss())
          .isCloseTo(row.get("valid_loss").asDouble(), within(10 * stepError));
      assertThat(epoch.accuracy()).isCloseTo(row.get("accuracy").asDouble(), within(1e-6));
    }
    JsonNode steps = golden.get("steps");
    assertThat(heard.steps()).hasSize(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      TrainingListener.Step step = heard.steps().get(i);
      JsonNode row = steps.get(i);
      assertThat(step.step()).isEqualTo(i + 1);
      assertThat(step.learningRate()).isCloseTo(row.get("lr").asDouble(), within(1e-9));
      assertThat(step.momentum()).isCloseTo(row.get("mom").asDouble(), within(1e-7));
      assertThat(step.loss()).isCloseTo(row.get("loss").asDouble(), within(stepError));
      assertThat(step.trainLoss()).isCloseTo(row.get("smooth").asDouble(), within(stepError));
    }
    JsonNode finals = golden.get("final_params");
    for (String entry : trained.values().keySet()) {
      double norm = finals.get(entry).get("l2").asDouble();
      assertThat(FormulaNetworks.l2(trained.values().get(entry)))
          .as(entry)
          .isCloseTo(norm, within(l2Error * norm + 1e-5));
    }
    checkSoftmax(trained, sizes[sizes.length - 1], golden.get("final_valid_softmax"), softmaxError);
  }

  private static void checkSoftmax(StateDict trained, int size, JsonNode golden, double error) {
    int row = 0;
    try (Network network = new Network(trained, Numerics.REFERENCE);
        Script softmax =
            new Script("def softmax(self, x: Tensor) -> Tensor:\n  return torch.softmax(x, 1)\n");
        Batches.Pass pass = new StripeBatches(new int[] {size}, 1).valid(1)) {
      while (pass.hasNext()) {
        Tensor logits = network.evaluate(pass.next().pictures());
        float[] probabilities = softmax.call("softmax", logits).floats();
        for (int i = 0; i < probabilities.length; i++) {
          assertThat((double) probabilities[i])
              .isCloseTo(golden.get(row + i / 10).get(i % 10).asDouble(), within(error));
        }
        row += probabilities.length / 10;
      }
    }
    assertThat(row).isEqualTo(golden.size());
  }

  private static Recipe recipe(String json) {
    return RecipeReader.read(JsonMapper.shared().readValue(json, Map.class), null);
  }
}
