package dev.onecycle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.DatasetSnapshot;
import dev.onecycle.network.FormulaNetworks;
import dev.onecycle.network.Layout;
import dev.onecycle.network.MemoryFormat;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.training.data.Batches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that is stopped and goes on from its state is the training that was never stopped. */
@ExtendWith(OnTorchThread.class)
class ResumeTest {

  /** Five steps an epoch, so that two accumulated ones straddle its end. */
  private static final int STEPS = 20;

  @TempDir private static Path directory;
  private static DatasetSnapshot snapshot;
  private static HeardTraining whole;

  @BeforeAll
  static void pack() throws IOException {
    snapshot = SampleSnapshots.tenth(directory.resolve("sample.zip"));
  }

  @AfterAll
  static void close() throws IOException {
    snapshot.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void stoppedOnce(int steps) {
    HeardTraining heard = new HeardTraining();
    Keeping first = new Keeping(steps);
    assertThat(train(recipe(Map.of()), heard, first, null)).isFalse();
    assertThat(heard.steps()).hasSize(steps);
    assertThat(train(recipe(Map.of()), heard, new Keeping(99), read(first.kept))).isTrue();
    assertIsTheWhole(heard);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void stoppedAgainAndAgain(int every) {
    assertIsTheWhole(inPieces(recipe(Map.of()), every));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  @Tag("proof")
  void stoppedAgainAndAgainAfterOtherSteps(int every) {
    assertIsTheWhole(inPieces(recipe(Map.of()), every));
  }

  /** Without accumulation, so that slow weights are met and RAdam divides. */
  @ParameterizedTest
  @ValueSource(strings = {"lookahead", "ranger", "rangerlars", "sgd"})
  void everyOptimizerGoesOn(String kind) {
    Map<String, ?> overrides =
        Map.of("optimizer.kind", kind, "phases[0].accumulate", 1, "phases[1].accumulate", 1);
    HeardTraining unbroken = new HeardTraining();
    train(recipe(overrides), unbroken, () -> false, null);
    HeardTraining pieces = inPieces(recipe(overrides), 7);
    assertThat(pieces.losses()).isEqualTo(unbroken.losses()).hasSize(STEPS);
    assertSame(pieces.weights().get(3), unbroken.weights().get(3));
  }

  /** Its state lies in memory as its network does: the file is only for a trainer of the same. */
  @Test
  void contiguousWeightsGoOnAsContiguousOnes() {
    Numerics contiguous = Numerics.REFERENCE;
    HeardTraining unbroken = new HeardTraining();
    assertThat(train(recipe(Map.of()), unbroken, () -> false, null, contiguous)).isTrue();
    HeardTraining heard = new HeardTraining();
    Keeping first = new Keeping(7);
    assertThat(train(recipe(Map.of()), heard, first, null, contiguous)).isFalse();
    TrainingStateReader kept = read(first.kept);
    assertThat(kept.format()).isEqualTo(MemoryFormat.CONTIGUOUS);
    assertThatThrownBy(() -> train(recipe(Map.of()), heard, () -> false, kept))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("a training's state in the memory format contiguous, not channels last");
    assertThat(train(recipe(Map.of()), heard, () -> false, read(first.kept), contiguous)).isTrue();
    assertSameTraining(heard, unbroken);
  }

  @Test
  void aPlanGoesOnInTheMiddleOfItsParts() {
    assertAPlanGoesOn(4);
  }

  @Test
  @Tag("proof")
  void aPlanGoesOnAnywhere() {
    assertAPlanGoesOn(2, 3, 5, 7);
  }

  private static void assertAPlanGoesOn(int... after) {
    Recipe recipe =
        planned(
            List.of(part(32, 16, 1), part(40, 20, 2), part(48, 10, 1)),
            Map.of("validateEvery", 2, "augmentation.alternateFlip", true));
    HeardTraining unbroken = new HeardTraining();
    assertThat(train(recipe, unbroken, () -> false, null)).isTrue();
    // 80 pictures: five steps, twice four, and eight.
    assertThat(unbroken.steps()).hasSize(5 + 8 + 8);
    assertThat(unbroken.epochs().stream().map(epoch -> epoch.accuracy() != null))
        .as("the second and the last are validated")
        .containsExactly(false, true, false, true);
    for (int every : after) {
      assertSameTraining(inPieces(recipe, every), unbroken);
    }
  }

  /** Nothing begins anew where one part of a plan follows another. */
  @Test
  void equalPartsAreOnePhase() {
    HeardTraining parts = new HeardTraining();
    train(planned(List.of(part(32, 16, 1), part(32, 16, 2)), Map.of()), parts, () -> false, null);
    HeardTraining phase = new HeardTraining();
    train(planned(List.of(), Map.of("phases[0].epochs", 3)), phase, () -> false, null);
    assertSameTraining(parts, phase);
  }

  /** Looking less often changes nothing of what is trained. */
  @Test
  void validationChangesNothing() {
    HeardTraining often = new HeardTraining();
    HeardTraining once = new HeardTraining();
    List<Map<String, ?>> plan = List.of(part(32, 16, 1), part(40, 10, 2));
    train(planned(plan, Map.of()), often, () -> false, null);
    train(planned(plan, Map.of("validateEvery", 9)), once, () -> false, null);
    assertThat(once.losses()).isEqualTo(often.losses());
    assertThat(once.epochs().get(0).validLoss()).isNull();
    assertThat(once.epochs().get(2).validLoss()).isEqualTo(often.epochs().get(2).validLoss());
    assertSame(once.weights().get(2), often.weights().get(2));
  }

  /** A step is a second here; how many fit is planned once, and kept over the breaks. */
  @Test
  void aBudgetIsKeptOverBreaks() {
    Recipe recipe = planned(List.of(part(32, 16, 3), part(40, 16, 3)), Map.of());
    HeardTraining heard = new HeardTraining();
    Keeping control = new Keeping(3);
    boolean ended = trainInTime(recipe, heard, control, null);
    while (!ended) {
      Keeping next = new Keeping(3);
      ended = trainInTime(recipe, heard, next, read(control.kept));
      control = next;
    }
    assertThat(heard.steps()).hasSizeBetween(16, 18); // of 18 s, less a margin
    assertThat(heard.steps().stream().map(TrainingListener.Step::step).toList())
        .isEqualTo(LongStream.rangeClosed(1, heard.steps().size()).boxed().toList());
    List<TrainingListener.Epoch> epochs = heard.epochs();
    assertThat(IntStream.range(0, epochs.size()).boxed().toList())
        .isEqualTo(epochs.stream().map(TrainingListener.Epoch::epoch).toList());
    assertThat(epochs.get(epochs.size() - 1).last()).isTrue();
    assertThat(epochs.get(epochs.size() - 1).learningRate()).isLessThan(0.05 * 1e-2);
  }

  private static boolean trainInTime(
      Recipe recipe, HeardTraining heard, TrainingControl control, TrainingStateReader from) {
    StateDict initial =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), true);
    BudgetPlanner planner = new BudgetPlanner(recipe, phase -> 80);
    StepTimes times = new StepTimes(List.of(1.0, 1.0), List.of(0.0), 0);
    int before = heard.steps().size();
    Timekeeper timekeeper =
        new Timekeeper(planner, times, 18, false, () -> heard.steps().size() - before, told -> {});
    try (RecipeBatches batches = batches(recipe);
        Trainer trainer =
            new Trainer(
                recipe,
                batches,
                initial,
                Numerics.fast(DType.FLOAT32),
                heard,
                control,
                timekeeper)) {
      if (from != null) {
        trainer.goOnFrom(from);
      }
      return trainer.train();
    }
  }

  private static Map<String, ?> part(int size, int batchSize, int epochs) {
    return Map.of("size", size, "batchSize", batchSize, "epochs", epochs);
  }

  private static Recipe planned(List<Map<String, ?>> plan, Map<String, ?> overrides) {
    Map<String, ?> phase =
        Map.of("size", 32, "batchSize", 16, "accumulate", 2, "learningRate", 1e-2, "plan", plan);
    return RecipeReader.read(Map.of("itemSize", 48, "phases", List.of(phase)), overrides);
  }

  @Test
  void whatEarlyStoppingHasSeenIsNotForgotten() {
    Recipe recipe = recipe(Map.of("earlyStopping", Map.of("metric", "accuracy", "patience", 1)));
    HeardTraining unbroken = new HeardTraining();
    train(recipe, unbroken, new Keeping(99), null);
    assertThat(unbroken.epochs()).as("it ends early").hasSizeLessThan(4);
    assertThat(unbroken.epochs().stream().filter(TrainingListener.Epoch::last))
        .as("and says so")
        .containsExactly(unbroken.epochs().get(unbroken.epochs().size() - 1));
    HeardTraining pieces = inPieces(recipe, 2);
    assertThat(pieces.losses()).isEqualTo(unbroken.losses());
    assertThat(pieces.epochs()).hasSameSizeAs(unbroken.epochs());
  }

  @Test
  void theLastStateHasNothingLeftToTrain() {
    Keeping control = new Keeping(99);
    train(recipe(Map.of()), new HeardTraining(), control, null);
    HeardTraining nothing = new HeardTraining();
    assertThat(train(recipe(Map.of()), nothing, new Keeping(99), read(control.kept))).isTrue();
    assertThat(nothing.steps()).isEmpty();
    assertThat(nothing.epochs()).isEmpty();
  }

  @Test
  void goesOnWithBatchesOfHalfTheSizeFromTheStartOfTheEpoch() {
    Keeping first = new Keeping(7);
    train(recipe(Map.of()), new HeardTraining(), first, null);
    assertThat(first.position).isEqualTo(new Position(2, 0, 2));
    HeardTraining heard = new HeardTraining();
    Map<String, Object> halves = new HashMap<>();
    for (int phase = 0; phase < 2; phase++) {
      halves.put("phases[" + phase + "].batchSize", 8);
      halves.put("phases[" + phase + "].accumulate", 4);
    }
    assertThat(
            train(
                recipe(halves), heard, new Keeping(99), read(first.kept).at(new Position(2, 0, 0))))
        .isTrue();
    assertThat(heard.steps().get(0).step()).isEqualTo(11);
    assertThat(heard.steps()).hasSize(30);
  }

  @Test
  void refusesTheStateOfAnotherRecipe() {
    Keeping control = new Keeping(3);
    train(recipe(Map.of()), new HeardTraining(), control, null);
    Recipe other = recipe(Map.of("phases[0].accumulate", 1));
    StateDict three =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 3), true);
    try (RecipeBatches batches = batches(other);
        Trainer trainer = trainer(other, batches, three, new HeardTraining(), control)) {
      assertThatThrownBy(() -> trainer.goOnFrom(read(control.kept)))
          .isInstanceOf(Failure.Invalid.class)
          .hasMessageContaining("weights.decayed");
    }
  }

  private static void assertIsTheWhole(HeardTraining heard) {
    if (whole == null) {
      whole = new HeardTraining();
      assertThat(train(recipe(Map.of()), whole, () -> false, null)).isTrue();
      assertThat(whole.steps()).hasSize(STEPS);
    }
    assertSameTraining(heard, whole);
  }

  private static void assertSameTraining(HeardTraining heard, HeardTraining whole) {
    assertThat(heard.steps().stream().map(ResumeTest::untimed))
        .containsExactlyElementsOf(whole.steps().stream().map(ResumeTest::untimed).toList());
    for (int epoch = 0; epoch < whole.epochs().size(); epoch++) {
      TrainingListener.Epoch told = heard.epochs().get(epoch);
      TrainingListener.Epoch expected = whole.epochs().get(epoch);
      assertThat(told.validLoss()).isEqualTo(expected.validLoss());
      assertThat(told.accuracy()).isEqualTo(expected.accuracy());
      assertThat(told.trainLoss()).isEqualTo(expected.trainLoss());
      assertSame(heard.weights().get(epoch), whole.weights().get(epoch));
    }
    assertThat(heard.epochs()).hasSameSizeAs(whole.epochs());
  }

  /** Bit by bit, the norms' statistics and counters included. */
  private static void assertSame(StateDict found, StateDict expected) {
    expected
        .values()
        .forEach((name, values) -> assertThat(found.values().get(name)).as(name).isEqualTo(values));
    assertThat(found.batchesTracked()).isEqualTo(expected.batchesTracked());
  }

  private static TrainingListener.Step untimed(TrainingListener.Step told) {
    return new TrainingListener.Step(
        told.phase(),
        told.epoch(),
        told.epochs(),
        told.step(),
        told.steps(),
        told.loss(),
        told.trainLoss(),
        told.learningRate(),
        told.momentum(),
        0);
  }

  /** Trains so many steps, is closed, and goes on, to the end. */
  private static HeardTraining inPieces(Recipe recipe, int steps) {
    HeardTraining heard = new HeardTraining();
    Keeping control = new Keeping(steps);
    boolean ended = train(recipe, heard, control, null);
    while (!ended) {
      Keeping next = new Keeping(steps);
      ended = train(recipe, heard, next, read(control.kept));
      control = next;
    }
    return heard;
  }

  private static boolean train(
      Recipe recipe, HeardTraining heard, TrainingControl control, TrainingStateReader from) {
    return train(recipe, heard, control, from, Numerics.fast(DType.FLOAT32));
  }

  private static boolean train(
      Recipe recipe,
      HeardTraining heard,
      TrainingControl control,
      TrainingStateReader from,
      Numerics numerics) {
    StateDict initial =
        FormulaNetworks.filled(Layout.of(FormulaNetworks.architecture("xrn_tiny"), 10), true);
    try (RecipeBatches batches = batches(recipe);
        Trainer trainer = new Trainer(recipe, batches, initial, numerics, heard, control)) {
      if (from != null) {
        trainer.goOnFrom(from);
      }
      return trainer.train();
    }
  }

  private static RecipeBatches batches(Recipe recipe) {
    return new RecipeBatches(recipe, new SnapshotData(snapshot, recipe), 1, DType.FLOAT32);
  }

  private static Trainer trainer(
      Recipe recipe,
      Batches batches,
      StateDict initial,
      HeardTraining heard,
      TrainingControl control) {
    return new Trainer(recipe, batches, initial, Numerics.fast(DType.FLOAT32), heard, control);
  }

  private static TrainingStateReader read(Path file) {
    try {
      return TrainingStateReader.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A short one-cycle phase, then fine-tuning in three groups: three fits with everything on. */
  private static Recipe recipe(Map<String, ?> overrides) {
    Map<String, ?> first =
        Map.of("size", 32, "batchSize", 16, "accumulate", 2, "epochs", 1, "learningRate", 1e-2);
    Map<String, Object> second = new HashMap<>(first);
    second.put("policy", "fine-tune");
    second.put("freezeEpochs", 1);
    second.put("epochs", 2);
    second.put("parameterGroups", 3);
    return RecipeReader.read(
        Map.of(
            "itemSize",
            40,
            "phases",
            List.of(first, second),
            "mixup",
            Map.of("alpha", 0.4),
            "ema",
            0.9,
            "optimizer",
            Map.of("gradientClip", 0.5),
            "earlyStopping",
            Map.of("metric", "validLoss", "patience", 4)),
        overrides);
  }

  /** Stops after so many steps; keeps the latest state in a file. */
  private static final class Keeping implements TrainingControl {

    private final int most;
    private int done;
    private Path kept;
    private Position position;

    Keeping(int most) {
      this.most = most;
    }

    @Override
    public boolean stopRequested() {
      return done >= most;
    }

    @Override
    public boolean keepDue(boolean epochEnded) {
      done += epochEnded ? 0 : 1;
      return epochEnded;
    }

    @Override
    public void keep(TrainingStateWriter state) {
      try {
        Path file = Files.createTempDirectory(directory, "kept").resolve("state.safetensors");
        state.write(file);
        kept = file;
        position = state.position();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
