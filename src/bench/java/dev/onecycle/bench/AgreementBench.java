package dev.onecycle.bench;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Views;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.Trainer;
import dev.onecycle.training.TrainingListener;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * How far predictions in bfloat16 are from the training network's in float32, on an xresnet50 that
 * was trained for this on the same pictures. Each round asks both about the next 500 pictures that
 * it was not trained on.
 */
final class AgreementBench implements Benchmark {

  private static final int PICTURES = 14_000;
  private static final int ASKED = 500;
  private static final int BATCH = 20;

  private final Recipe recipe =
      RecipeReader.read(
          Map.of(
              "itemSize",
              128,
              "phases",
              List.of(Map.of("size", 64, "batchSize", 64, "epochs", 2, "learningRate", 4e-3))),
          null);
  private final Phase phase = recipe.phases().get(0);
  private final BenchPictures pictures = BenchPictures.open(PICTURES, recipe.itemSize());
  private final SnapshotData data =
      new SnapshotData(pictures.snapshot(), pictures.pixels(), recipe, null);
  private final Views views = Views.of(recipe.itemSize(), phase.size(), data.normalization());
  private final TorchExecutor executor;
  private final Network exact;
  private final InferenceNetwork serving;
  private Round round;
  private int asked;

  AgreementBench() throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    Torch torch = Torch.start(threads, null);
    Device device = torch.devices().get(0);
    executor = new TorchExecutor(torch, "bench", device);
    DType fast = torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32;
    StateDict trained = executor.call(() -> train(Numerics.fast(fast), threads));
    exact = executor.call(() -> new Network(trained, Numerics.fast(DType.FLOAT32)));
    serving = executor.call(() -> InferenceNetwork.of(trained, DType.BFLOAT16, phase.size()));
  }

  private StateDict train(Numerics numerics, int threads) {
    TrainingListener unheard =
        new TrainingListener() {
          @Override
          public void onStep(Step step) {}

          @Override
          public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {}
        };
    StateDict initial = Trainer.fromScratch(recipe, data.labels().size());
    try (RecipeBatches batches = new RecipeBatches(recipe, data, threads, numerics.precision());
        Trainer trainer = new Trainer(recipe, batches, initial, numerics, unheard, () -> false)) {
      trainer.train();
      return trainer.state();
    }
  }

  @Override
  public String unit() {
    return "share";
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant("largest difference of a probability", this::next),
        new Variant("pictures told alike", () -> round.alike()),
        new Variant("told right in float32", () -> round.right(round.exact)),
        new Variant("told right in bfloat16", () -> round.right(round.rounded)));
  }

  private double next() throws Exception {
    round = executor.call(this::ask);
    return round.largestDifference();
  }

  private Round ask() {
    Pictures unseen = data.valid(1);
    int[] labels = new int[ASKED];
    float[][] seen = new float[ASKED][];
    for (int i = 0; i < ASKED; i++) {
      int picture = asked++ % unseen.size();
      labels[i] = unseen.label(picture);
      seen[i] = new float[views.length()];
      views.validView(unseen.picture(picture), FloatBuffer.wrap(seen[i]), 0);
    }
    return new Round(
        labels, probabilities(exact::evaluate, seen), probabilities(serving::logits, seen));
  }

  private double[][] probabilities(UnaryOperator<Tensor> network, float[][] seen) {
    double[][] all = new double[ASKED][];
    int side = phase.size();
    for (int from = 0; from < ASKED; from += BATCH) {
      FloatBuffer batch = FloatBuffer.allocate(BATCH * views.length());
      for (int i = 0; i < BATCH; i++) {
        batch.put(seen[from + i]);
      }
      try (Scope scope = Scope.open()) {
        float[] logits = network.apply(Tensor.of(batch.flip(), BATCH, side, side, 3)).floats();
        int classes = logits.length / BATCH;
        for (int i = 0; i < BATCH; i++) {
          all[from + i] = softmax(logits, i * classes, classes);
        }
      }
    }
    return all;
  }

  private static double[] softmax(float[] logits, int from, int classes) {
    double[] probabilities = new double[classes];
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      probabilities[k] = Math.exp(logits[from + k]);
      sum += probabilities[k];
    }
    for (int k = 0; k < classes; k++) {
      probabilities[k] /= sum;
    }
    return probabilities;
  }

  /** What both said about some pictures: [picture][label]. */
  private record Round(int[] labels, double[][] exact, double[][] rounded) {

    double largestDifference() {
      double largest = 0;
      for (int i = 0; i < exact.length; i++) {
        for (int k = 0; k < exact[i].length; k++) {
          largest = Math.max(largest, Math.abs(exact[i][k] - rounded[i][k]));
        }
      }
      return largest;
    }

    double alike() {
      int alike = 0;
      for (int i = 0; i < exact.length; i++) {
        alike += best(exact[i]) == best(rounded[i]) ? 1 : 0;
      }
      return (double) alike / exact.length;
    }

    double right(double[][] said) {
      int right = 0;
      for (int i = 0; i < said.length; i++) {
        right += best(said[i]) == labels[i] ? 1 : 0;
      }
      return (double) right / said.length;
    }

    private static int best(double[] probabilities) {
      int best = 0;
      for (int k = 1; k < probabilities.length; k++) {
        best = probabilities[k] > probabilities[best] ? k : best;
      }
      return best;
    }
  }

  @Override
  public void close() {
    executor
        .submit(
            () -> {
              serving.close();
              exact.close();
              return true;
            })
        .join();
    executor.close();
    pictures.close();
  }
}
