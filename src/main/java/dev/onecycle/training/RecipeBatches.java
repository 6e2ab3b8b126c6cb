package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.image.Views;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Position;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.recipe.Stretch;
import dev.onecycle.torch.DType;
import dev.onecycle.training.data.BatchLoader;
import dev.onecycle.training.data.Batches;
import dev.onecycle.training.data.ViewDraws;
import java.util.stream.IntStream;

/**
 * Batches of pictures as a recipe wants them: training pictures shuffled and augmented, a last
 * batch of fewer pictures dropped; validation pictures plain and in order, all of them.
 */
public final class RecipeBatches implements Batches {

  private final Recipe recipe;
  private final TrainingData data;
  private final TrainingPlan plan;
  private final BatchLoader loader;

  /**
   * Makes the batches of {@code recipe} on {@code data}, for the torch thread that makes this. They
   * are in the precision that the network computes in, which rounds them anyway; where pictures are
   * blended first, they stay float32 until then.
   *
   * @param threads how many data threads, at least 1
   * @param precision what the network computes in
   * @throws dev.onecycle.platform.Failure.Invalid as {@link TrainingPlan#of}
   */
  public RecipeBatches(Recipe recipe, TrainingData data, int threads, DType precision) {
    this.recipe = recipe;
    this.data = data;
    plan = TrainingPlan.of(recipe, data);
    loader = new BatchLoader(threads, recipe.mixup() == null ? precision : DType.FLOAT32);
    loader.provide(
        IntStream.rangeClosed(1, recipe.phases().size()).map(this::numbers).max().orElseThrow());
  }

  @Override
  public int stepsPerEpoch(int phase, int epoch) {
    return plan.stepsPerEpoch(phase, epoch);
  }

  @Override
  public Pass train(Position from, Stretch in) {
    int phase = from.phase();
    Pictures pictures = data.train(phase);
    EpochDraws draws = EpochDraws.of(recipe, pictures.size(), phase, from.epoch());
    return loader.pass(
        pictures,
        draws.order(),
        in.batchSize(),
        true,
        from.step(),
        views(recipe, data, in.size()),
        draws.drawing());
  }

  @Override
  public Pass valid(int phase) {
    Pictures pictures = data.valid(phase);
    int[] inOrder = IntStream.range(0, pictures.size()).toArray();
    ViewDraws plain = ViewDraws.plain(recipe.itemSize());
    Views views = views(recipe, data, phase(phase).size());
    return loader.pass(pictures, inOrder, phase(phase).batchSize(), false, 0, views, plain);
  }

  @Override
  public boolean leaky(int phase) {
    return data.leaky(phase);
  }

  @Override
  public long takeWaitedNanos() {
    return loader.takeWaitedNanos();
  }

  @Override
  public void close() {
    loader.close();
  }

  /** Returns how many numbers the largest batch of a phase has. */
  private int numbers(int phase) {
    Phase here = phase(phase);
    int training =
        here.stretches().stream()
            .mapToInt(stretch -> numbers(stretch.batchSize(), data.train(phase), stretch.size()))
            .max()
            .orElseThrow();
    return Math.max(training, numbers(here.batchSize(), data.valid(phase), here.size()));
  }

  private static int numbers(int batchSize, Pictures pictures, int side) {
    return Math.multiplyExact(Math.min(batchSize, pictures.size()), 3 * side * side);
  }

  private Phase phase(int phase) {
    return recipe.phases().get(phase - 1);
  }

  /** Returns what makes pictures into the network's input of that side. */
  static Views views(Recipe recipe, TrainingData data, int size) {
    return Views.of(recipe.itemSize(), size, data.normalization());
  }
}
