package dev.onecycle.bench;

import dev.onecycle.image.Normalization;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.SnapshotData;
import dev.onecycle.training.Trainer;
import dev.onecycle.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the preset {@code finetune} is worth on a few pictures: an xresnet18 learns the first half
 * of the labels from all their pictures; then the other half is learned from {@value #A_LABEL}
 * pictures each, from that body and from nothing, and judged by {@value #JUDGES} others each. Each
 * round has another seed.
 */
final class TransferBench implements Benchmark {

  private static final int A_LABEL = 20;
  private static final int JUDGES = 50;
  private static final int SIZE = 64;
  private static final Map<String, ?> SMALL = Map.of("architecture", "xresnet18", "itemSize", 72);

  private final BenchPictures few;
  private final TorchExecutor executor;
  private final Numerics numerics;
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final StateDict body;

  TransferBench() throws Exception {
    Path root = BenchPictures.root();
    List<String> labels = labels(root.resolve("train"));
    List<String> known = labels.subList(0, labels.size() / 2);
    List<String> others = labels.subList(labels.size() / 2, labels.size());
    Torch torch = Torch.start(threads, null);
    Device device = torch.devices().get(0);
    numerics = Numerics.fast(torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32);
    executor = new TorchExecutor(torch, "bench", device);
    Recipe recipe = fromScratch(4, 64, 0);
    try (BenchPictures many =
        BenchPictures.of(
            root, pictures(root, known, Integer.MAX_VALUE, JUDGES), recipe.itemSize())) {
      Outcome trained = train(recipe, many, null);
      System.err.printf("the body knows its own labels: %.1f %%%n", trained.percent);
      body = trained.weights;
    }
    few = BenchPictures.of(root, pictures(root, others, A_LABEL, JUDGES), recipe.itemSize());
  }

  private static List<String> labels(Path folder) throws IOException {
    try (Stream<Path> labels = Files.list(folder)) {
      return labels.map(label -> label.getFileName().toString()).sorted().toList();
    }
  }

  /** The same pictures every time. */
  private static List<Path> pictures(Path root, List<String> labels, int train, int valid)
      throws IOException {
    List<Path> chosen = new ArrayList<>();
    for (String label : labels) {
      chosen.addAll(some(root.resolve("train").resolve(label), train));
      chosen.addAll(some(root.resolve("val").resolve(label), valid));
    }
    return chosen;
  }

  private static List<Path> some(Path folder, int most) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = new ArrayList<>(files.sorted().toList());
      Collections.shuffle(all, new Random(1));
      return all.subList(0, Math.min(most, all.size()));
    }
  }

  @Override
  public String unit() {
    return "% right";
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        variant("from nothing, 11 epochs", null, seed -> fromScratch(11, 16, seed)),
        variant("from the body, finetune: 1 + 10 epochs", body, TransferBench::finetune));
  }

  /** A recipe by its seed. */
  private interface Seeded {
    Recipe of(int seed);
  }

  private Variant variant(String name, StateDict start, Seeded recipe) {
    int[] rounds = {0};
    return new Variant(name, () -> train(recipe.of(rounds[0]++), few, start).percent);
  }

  private static Recipe fromScratch(int epochs, int batchSize, int seed) {
    Map<String, Object> recipe = new HashMap<>(SMALL);
    recipe.put("seed", seed);
    recipe.put(
        "phases",
        List.of(
            Map.of("size", SIZE, "batchSize", batchSize, "epochs", epochs, "learningRate", 4e-3)));
    return RecipeReader.read(recipe, null);
  }

  private static Recipe finetune(int seed) {
    Map<String, Object> overrides = new HashMap<>(SMALL);
    overrides.put("seed", seed);
    overrides.put("phases[0].size", SIZE);
    return RecipeReader.read("finetune", overrides);
  }

  /** What a training came to. */
  private record Outcome(double percent, StateDict weights) {}

  /** Trains from a body with a new head, or from nothing. */
  private Outcome train(Recipe recipe, BenchPictures pictures, StateDict start) throws Exception {
    SnapshotData data =
        new SnapshotData(pictures.snapshot(), pictures.pixels(), recipe, Normalization.imagenet());
    int classes = data.labels().size();
    StateDict initial =
        start == null
            ? Trainer.fromScratch(recipe, classes)
            : Trainer.withNewHead(start, recipe, classes);
    double[] accuracy = new double[1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(Step step) {}

          @Override
          public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
            accuracy[0] = epoch.accuracy();
          }
        };
    return executor.call(
        () -> {
          try (RecipeBatches batches =
                  new RecipeBatches(recipe, data, threads, numerics.precision());
              Trainer trainer =
                  new Trainer(recipe, batches, initial, numerics, listener, () -> false)) {
            trainer.train();
            return new Outcome(100 * accuracy[0], trainer.state());
          }
        });
  }

  @Override
  public void close() {
    executor.close();
    few.close();
  }
}
