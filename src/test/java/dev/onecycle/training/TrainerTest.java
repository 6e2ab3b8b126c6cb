package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.Batches;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The trainer as its callers see it: stopping, diverging, side by side, and its memory. */
class TrainerTest {

  private static final Torch TORCH = Torch.start(1, null);

  @Test
  void twoRunsAtOnceAreTheSameAsOneAlone() throws Exception {
    List<Double> alone = on("alone", () -> losses(1));
    CompletableFuture<List<Double>> first;
    CompletableFuture<List<Double>> second;
    try (TorchExecutor a = new TorchExecutor(TORCH, "first", Device.CPU);
        TorchExecutor b = new TorchExecutor(TORCH, "second", Device.CPU)) {
      first = a.submit(() -> losses(1));
      second = b.submit(() -> losses(2));
    }
    assertThat(first.get()).isEqualTo(alone);
    assertThat(second.get()).hasSameSizeAs(alone).isNotEqualTo(alone);
  }

  private static List<Double> losses(long seed) {
    Heard heard = new Heard();
    Recipe recipe = recipe(Map.of("seed", seed));
    try (Trainer trainer = trainer(recipe, new NoiseBatches(8, 1), heard)) {
      assertThat(trainer.train()).isTrue();
    }
    return heard.losses;
  }

  @Test
  void aStopIsObeyedBeforeTheNextStep() throws Exception {
    NoiseBatches batches = new NoiseBatches(50, 1);
    boolean ended =
        on(
            "stopped",
            () -> {
              Heard heard = new Heard();
              Recipe recipe = recipe(Map.of());
              try (Trainer trainer =
                  new Trainer(
                      recipe,
                      batches,
                      Trainer.fromScratch(recipe, 10),
                      Numerics.REFERENCE,
                      heard,
                      () -> batches.given == 3)) {
                return trainer.train();
              }
            });
    assertThat(ended).isFalse();
    assertThat(batches.given).isEqualTo(3);
  }

  @Test
  void aLossThatIsNoNumberEndsTheRun() {
    assertThatThrownBy(
            () ->
                on(
                    "diverged",
                    () -> {
                      Recipe recipe = recipe(Map.of());
                      NoiseBatches batches = new NoiseBatches(8, Float.NaN);
                      try (Trainer trainer = trainer(recipe, batches, new Heard())) {
                        return trainer.train();
                      }
                    }))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("step 1");
  }

  @Test
  void residentMemoryIsFlatOver50Steps() throws Exception {
    requireFlatMemory(50, 50);
  }

  @Test
  @Tag("proof")
  void residentMemoryIsFlatOver250Steps() throws Exception {
    requireFlatMemory(100, 250);
  }

  private static void requireFlatMemory(int before, int steps) throws Exception {
    int last = before + steps - 1;
    long[] resident = new long[2];
    on(
        "memory",
        () -> {
          Recipe recipe = recipe(Map.of("ema", 0.99, "mixup", Map.of("alpha", 0.4)));
          NoiseBatches batches =
              new NoiseBatches(before + steps, 1) {
                @Override
                void onStep(int step) {
                  if (step == before || step == last) {
                    Torch.releaseMemory();
                    resident[step == before ? 0 : 1] = Torch.residentBytes();
                  }
                }
              };
          try (Trainer trainer = trainer(recipe, batches, new Heard())) {
            return trainer.train();
          }
        });
    assertThat(resident[0]).isPositive();
    // The JVM itself grows by tens of megabytes; one leaked gradient a step would be 45 MB each
    // time.
    assertThat(resident[1] - resident[0]).isLessThan(80L << 20);
  }

  private static Recipe recipe(Map<String, ?> overrides) {
    Map<String, ?> phase =
        Map.of(
            "policy", "one-cycle", "size", 32, "batchSize", 4, "epochs", 1, "learningRate", 1e-3);
    Map<String, ?> recipe =
        Map.of("architecture", "xresnet18", "itemSize", 32, "phases", List.of(phase));
    return RecipeReader.read(recipe, overrides);
  }

  private static Trainer trainer(Recipe recipe, Batches batches, TrainingListener listener) {
    return new Trainer(
        recipe,
        batches,
        Trainer.fromScratch(recipe, 10),
        Numerics.REFERENCE,
        listener,
        () -> false);
  }

  private static <T> T on(String name, Callable<T> work) throws Exception {
    try (TorchExecutor executor = new TorchExecutor(TORCH, name, Device.CPU)) {
      return executor.call(work);
    }
  }

  private static final class Heard implements TrainingListener {
    private final List<Double> losses = new ArrayList<>();

    @Override
    public void onStep(Step step) {
      losses.add(step.loss());
    }

    @Override
    public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
      losses.add(epoch.validLoss());
    }
  }

  /** Batches of four pictures of seeded noise at 32px, times {@code scale}. */
  private static class NoiseBatches implements Batches {

    private final int count;
    private final float scale;
    private final Map<Integer, Batch> made = new HashMap<>();
    private int given;

    NoiseBatches(int count, float scale) {
      this.count = count;
      this.scale = scale;
    }

    void onStep(int step) {}

    @Override
    public int stepsPerEpoch(int phase, int epoch) {
      return count;
    }

    @Override
    public Pass train(Position from, Stretch in) {
      return pass(
          IntStream.range(from.step(), count).peek(this::onStep).mapToObj(this::batch).iterator());
    }

    @Override
    public Pass valid(int phase) {
      return pass(IntStream.range(0, 2).mapToObj(this::batch).iterator());
    }

    private Batch batch(int number) {
      // A few different ones, each made once: the memory test would see their garbage.
      return made.computeIfAbsent(number % 8, this::make);
    }

    private Batch make(int number) {
      RandomGenerator random = new Seed(number).generator();
      float[] pixels = new float[4 * 32 * 32 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = scale * (float) random.nextGaussian();
      }
      return new Batch(shape -> Tensor.of(pixels, shape), 32, random.longs(4, 0, 10).toArray());
    }

    private Pass pass(Iterator<Batch> batches) {
      return new Pass() {
        @Override
        public boolean hasNext() {
          return batches.hasNext();
        }

        @Override
        public Batch next() {
          given++;
          return batches.next();
        }

        @Override
        public void close() {}
      };
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
  }
}
