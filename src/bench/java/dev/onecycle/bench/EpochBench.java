package dev.onecycle.bench;

import dev.onecycle.check.TrainSubject;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * One epoch of xresnet50 at 128px in batches of 64, with validation, as a run trains it; beside it
 * the same number of bare training steps and of bare forward passes. The share of the first that
 * the other two explain says how little the network waits for its pictures.
 *
 * <p>Of pictures that are named also by fastai's own loop and loader, which decodes each of them in
 * every epoch, as here the first run does once.
 */
final class EpochBench implements Benchmark {

  private static final int SIZE = 128;
  private static final int BATCH = 64;
  private static final int PICTURES = 600;

  private final Recipe recipe =
      RecipeReader.read(
          Map.of("phases", List.of(Map.of("size", SIZE, "batchSize", BATCH, "epochs", 1))), null);
  private final BenchPictures pictures = BenchPictures.open(PICTURES, recipe.itemSize());
  private final SnapshotData data =
      new SnapshotData(pictures.snapshot(), pictures.pixels(), recipe, null);
  private final int threads = Runtime.getRuntime().availableProcessors();
  private final Numerics numerics;
  private final TorchExecutor executor;
  private final TrainSubject bare;
  private final PythonPeer fastai = BenchPictures.named() ? PythonPeer.fastai() : null;

  EpochBench() throws Exception {
    Torch torch = Torch.start(threads, null);
    Device device = torch.devices().get(0);
    numerics = Numerics.fast(torch.prefersBfloat16(device) ? DType.BFLOAT16 : DType.FLOAT32);
    executor = new TorchExecutor(torch, "bench", device);
    bare = executor.call(() -> new TrainSubject(initial(), numerics, BATCH, SIZE));
  }

  private StateDict initial() {
    return Trainer.fromScratch(recipe, data.labels().size());
  }

  @Override
  public String unit() {
    return "s";
  }

  @Override
  public List<Variant> variants() {
    int steps = data.train(1).size() / BATCH;
    int passes = (data.valid(1).size() + BATCH - 1) / BATCH;
    List<Variant> variants = new ArrayList<>();
    Collections.addAll(
        variants,
        new Variant("decoding every picture once", () -> pictures.decoding(recipe.itemSize())),
        new Variant(steps + " bare training steps", () -> seconds(() -> bare.steps(steps))),
        new Variant(passes + " bare forward passes", () -> seconds(() -> bare.forward(passes))),
        new Variant("the epoch, 1 data thread", () -> executor.call(() -> epoch(1))),
        new Variant("the epoch, a data thread a core", () -> executor.call(() -> epoch(threads))));
    if (fastai != null) {
      variants.add(new Variant("fastai's epoch", this::fastaisEpoch));
    }
    return variants;
  }

  private double seconds(Work work) throws Exception {
    return executor.call(() -> Benchmark.milliseconds(work) / 1e3);
  }

  /** What the run itself would say. */
  private double epoch(int dataThreads) {
    double[] seconds = new double[1];
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onStep(Step step) {}

          @Override
          public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
            seconds[0] = epoch.seconds();
          }
        };
    try (RecipeBatches batches =
            new RecipeBatches(recipe, data, dataThreads, numerics.precision());
        Trainer trainer =
            new Trainer(recipe, batches, initial(), numerics, listener, () -> false)) {
      trainer.train();
    }
    return seconds[0];
  }

  private double fastaisEpoch() throws IOException {
    return fastai.measure(
        "epoch %s %d %d %d %d"
            .formatted(pictures.files(), recipe.itemSize(), SIZE, BATCH, threads));
  }

  @Override
  public void close() {
    if (fastai != null) {
      fastai.close();
    }
    executor.submit(Executors.callable(bare::close)).join();
    executor.close();
    pictures.close();
  }
}
