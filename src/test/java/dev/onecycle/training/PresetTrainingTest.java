package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.dataset.pixels.PixelFile;
import dev.onecycle.dataset.pixels.PixelWriter;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets, made small, on real pictures: a run is a function of its recipe and seed alone. */
@ExtendWith(OnTorchThread.class)
class PresetTrainingTest {

  @TempDir private static Path directory;
  private static final int ITEM_SIZE = 48;
  private static final Numerics FLOATS = Numerics.fast(DType.FLOAT32);

  private static DatasetSnapshot snapshot;
  private static Path pixels;

  @BeforeAll
  static void pack() throws IOException {
    snapshot = SampleSnapshots.tenth(directory.resolve("sample.zip"));
    pixels = directory.resolve("pixels");
    new PixelWriter(snapshot.all(), ITEM_SIZE).write(pixels, 2, done -> {}, () -> false);
  }

  @AfterAll
  static void close() throws IOException {
    snapshot.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mixup", "fast", "notebook-progressive"})
  void theSameSeedIsTheSameRunFromTheFileOfPixelsToo(String preset) throws IOException {
    requireTheSame(preset);
  }

  @Tag("proof")
  @ParameterizedTest
  @ValueSource(strings = {"label-smoothing", "progressive"})
  void theSameSeedIsTheSameRunOfTheOthers(String preset) throws IOException {
    requireTheSame(preset);
  }

  private static void requireTheSame(String preset) throws IOException {
    HeardTraining one = train(recipe(preset, 42), snapshot.all(), 1);
    HeardTraining three;
    try (PixelFile decoded = PixelFile.open(pixels, snapshot.all(), ITEM_SIZE)) {
      three = train(recipe(preset, 42), decoded, 3);
    }

    assertThat(one.losses()).isNotEmpty().allMatch(Double::isFinite);
    assertThat(three.losses()).isEqualTo(one.losses());
    assertSameWeights(three, one);
    for (int epoch = 0; epoch < one.epochs().size(); epoch++) {
      TrainingListener.Epoch told = one.epochs().get(epoch);
      assertThat(three.epochs().get(epoch).validLoss()).isEqualTo(told.validLoss());
      assertThat(told.leaky()).isEqualTo(preset.startsWith("notebook") && told.phase() == 2);
    }
  }

  @Test
  void anotherSeedIsAnotherRun() {
    HeardTraining one = train(recipe("mixup", 42), snapshot.all(), 1);
    HeardTraining other = train(recipe("mixup", 43), snapshot.all(), 1);
    assertThat(other.losses()).hasSameSizeAs(one.losses()).isNotEqualTo(one.losses());
  }

  /**
   * The network would round them itself; blended pictures are rounded after they are blended. A few
   * pictures: processors without bfloat16 compute it very slowly.
   */
  @ParameterizedTest
  @ValueSource(strings = {"mixup", "progressive"})
  void picturesThatComeRoundedAreTheSameRun(String preset) throws IOException {
    Numerics numerics = Numerics.fast(DType.BFLOAT16);
    Recipe recipe = recipe(preset, 42, 4);
    try (DatasetSnapshot few = SampleSnapshots.fiftieth(directory.resolve(preset + ".zip"))) {
      HeardTraining exact = train(recipe, few, few.all(), 1, numerics, DType.FLOAT32);
      HeardTraining rounded = train(recipe, few, few.all(), 1, numerics, DType.BFLOAT16);

      assertThat(rounded.losses()).isEqualTo(exact.losses());
      assertSameWeights(rounded, exact);
    }
  }

  private static void assertSameWeights(HeardTraining actual, HeardTraining expected) {
    int last = expected.weights().size() - 1;
    StateDict weights = actual.weights().get(last);
    expected
        .weights()
        .get(last)
        .values()
        .forEach((name, values) -> assertThat(weights.values().get(name)).isEqualTo(values));
  }

  private static Recipe recipe(String preset, long seed) {
    return recipe(preset, seed, 20);
  }

  private static Recipe recipe(String preset, long seed, int batchSize) {
    Map<String, Object> small = new HashMap<>();
    small.put("architecture", "xresnet18");
    small.put("itemSize", ITEM_SIZE);
    small.put("seed", seed);
    for (int phase = 0; phase < RecipeReader.read(preset, null).phases().size(); phase++) {
      small.put("phases[" + phase + "].size", phase == 0 ? 32 : 48);
      small.put("phases[" + phase + "].batchSize", batchSize);
      small.put("phases[" + phase + "].epochs", 1);
    }
    if (preset.equals("fast")) {
      small.put("phases[0].plan", List.of(part(32, batchSize), part(48, batchSize)));
      small.put("phases[0].epochs", 2);
    }
    return RecipeReader.read(preset, small);
  }

  private static Map<String, ?> part(int size, int batchSize) {
    return Map.of("size", size, "batchSize", batchSize, "epochs", 1);
  }

  private static HeardTraining train(Recipe recipe, Pictures pictures, int dataThreads) {
    return train(recipe, snapshot, pictures, dataThreads, FLOATS, DType.FLOAT32);
  }

  private static HeardTraining train(
      Recipe recipe,
      DatasetSnapshot snapshot,
      Pictures pictures,
      int dataThreads,
      Numerics numerics,
      DType buffers) {
    HeardTraining heard = new HeardTraining();
    SnapshotData data = new SnapshotData(snapshot, pictures, recipe, null);
    try (RecipeBatches batches = new RecipeBatches(recipe, data, dataThreads, buffers);
        Trainer trainer =
            new Trainer(
                recipe,
                batches,
                Trainer.fromScratch(recipe, data.labels().size()),
                numerics,
                heard,
                () -> false)) {
      assertThat(trainer.train()).isTrue();
    }
    int epochs = recipe.totalEpochs();
    assertThat(heard.epochs()).hasSize(epochs);
    assertThat(heard.steps()).hasSize(4 * epochs);
    return heard;
  }
}
