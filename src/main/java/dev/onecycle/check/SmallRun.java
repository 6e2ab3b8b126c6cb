package dev.onecycle.check;

import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.RecipeReader;
import dev.onecycle.training.RecipeBatches;
import dev.onecycle.training.Trainer;
import dev.onecycle.training.TrainingControl;
import dev.onecycle.training.TrainingListener;
import dev.onecycle.training.TrainingStateReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two epochs of a run on a small dataset, on the thread that calls, and what it tells of them. */
final class SmallRun implements TrainingListener {

  private final List<Double> losses = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();

  private SmallRun() {}

  /**
   * Trains.
   *
   * @param from where to go on, or null for the beginning
   */
  static SmallRun train(
      Subject subject, TrainingControl control, @Nullable TrainingStateReader from) {
    SmallRun run = new SmallRun();
    Recipe recipe = recipe(subject.extent());
    NoiseData data = new NoiseData(subject.extent().pictures(), recipe.itemSize());
    int threads = Runtime.getRuntime().availableProcessors();
    try (RecipeBatches batches = new RecipeBatches(recipe, data, threads, subject.precision());
        Trainer trainer =
            new Trainer(recipe, batches, subject.untrained(), subject.numerics(), run, control)) {
      if (from != null) {
        trainer.goOnFrom(from);
      }
      trainer.train();
    }
    return run;
  }

  static Recipe recipe(Extent extent) {
    int size = extent.smallestSize();
    Map<String, ?> phase = Map.of("size", size, "batchSize", extent.smallestBatch(), "epochs", 2);
    return RecipeReader.read(
        Map.of(
            "architecture", extent.architecture(), "itemSize", 2 * size, "phases", List.of(phase)),
        null);
  }

  /** The loss of each step and, after those of an epoch, of its validation. */
  List<Double> losses() {
    return losses;
  }

  /** The second epoch, which needs no warming up. */
  Epoch last() {
    return epochs.get(epochs.size() - 1);
  }

  @Override
  public void onStep(Step step) {
    losses.add(step.loss());
  }

  @Override
  public void onEpoch(Epoch epoch, Supplier<StateDict> weights) {
    if (epoch.validLoss() != null) {
      losses.add(epoch.validLoss());
    }
    epochs.add(epoch);
  }
}
