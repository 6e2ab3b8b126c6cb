package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.Goldens;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.torch.Script;
import dev.onecycle.torch.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
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
    Heard heard = new Heard();
    StateDict trained;
    try (Trainer trainer =
        new Trainer(
            recipe(recipeText),
            new FormulaBatches(sizes, scale),
            FormulaNetworks.filled(layout, false),
            Numerics.REFERENCE,
            heard,
            () -> false)) {
      assertThat(trainer.train()).isTrue();
      trained = trainer.state();
    }
    JsonNode epochs = golden.get("epochs");
    assertThat(heard.epochs).hasSize(epochs.size());
    for (int i = 0; i < epochs.size(); i++) {
      TrainingListener.Epoch epoch = heard.epochs.get(i);
      JsonNode row = epochs.get(i);
      assertThat(epoch.trainLoss()).isCloseTo(row.get("train_loss").asDouble(), within(stepError));
      assertThat(epoch.validLoss())
          .isCloseTo(row.get("valid_loss").asDouble(), within(10 * stepError));
      assertThat(epoch.accuracy()).isCloseTo(row.get("accuracy").asDouble(), within(1e-6));
    }
    JsonNode steps = golden.get("steps");
    assertThat(heard.steps).hasSize(steps.size());
    for (int i = 0; i < steps.size(); i++) {
      TrainingListener.Step step = heard.steps.get(i);
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
        Batches.Pass pass = new FormulaBatches(new int[] {size}, 1).valid(1)) {
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

  /** What the trainer told. */
  private static final class Heard implements TrainingListener {
    private final List<Step> steps = new ArrayList<>();
    private final List<Epoch> epochs = new ArrayList<>();

    @Override
    public void onStep(Step step) {
      steps.add(step);
    }

    @Override
    public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
      epochs.add(epoch);
    }
  }

  /** The goldens' stripes: six training batches of 8, validation batches of 8, 8 and 5. */
  private record FormulaBatches(int[] sizes, double scale) implements Batches {

    @Override
    public int stepsPerEpoch(int phase) {
      return 6;
    }

    @Override
    public Pass train(int phase, int epoch) {
      int size = sizes[phase - 1];
      return pass(IntStream.range(0, 6).mapToObj(t -> batch(8, size, t)).iterator());
    }

    @Override
    public Pass valid(int phase) {
      int size = sizes[phase - 1];
      return pass(
          List.of(batch(8, size, 100), batch(8, size, 101), batch(5, size, 102)).iterator());
    }

    @Override
    public boolean leaky(int phase) {
      return false;
    }

    @Override
    public long takeWaitedNanos() {
      return 0;
    }

    @Override
    public void close() {}

    private static Pass pass(Iterator<Batch> batches) {
      return new Pass() {
        @Override
        public boolean hasNext() {
          return batches.hasNext();
        }

        @Override
        public Batch next() {
          return batches.next();
        }

        @Override
        public void close() {}
      };
    }

    private Batch batch(int n, int size, int t) {
      float[] pixels = new float[n * size * size * 3];
      long[] labels = new long[n];
      for (int i = 0; i < n; i++) {
        int k = (3 * i + t) % 10;
        labels[i] = k;
        int period = 2 + (k % 5) * 2;
        for (int y = 0; y < size; y++) {
          for (int x = 0; x < size; x++) {
            int along = k < 5 ? x : y;
            int stripe = (along * 64 / size / period) % 2;
            for (int c = 0; c < 3; c++) {
              long place = ((i * 3L + c) * size + y) * size + x;
              int sign = (k + c) % 2 == 0 ? 1 : -1;
              pixels[((i * size + y) * size + x) * 3 + c] =
                  (float)
                      (scale * (0.5 * (2 * stripe - 1) * sign + 0.5 * Goldens.random(4, t, place)));
            }
          }
        }
      }
      return new Batch(FloatBuffer.wrap(pixels), size, labels);
    }
  }
}
