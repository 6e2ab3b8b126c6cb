package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Folds;
import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.evaluation.Assessment;
import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.evaluation.Opinion;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.recipe.Phase;
import dev.onecycle.recipe.Recipe;
import dev.onecycle.training.data.BatchLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The training of a network without a fold of the pictures, which is then asked about that fold.
 * Its last step counts: the best of its epochs on the fold would be chosen by the labels that are
 * in doubt.
 */
public final class FoldTraining {

  /** The labelled pictures of a dataset without one fold, which validates. */
  public static final class Data implements TrainingData {

    private final int[] held;
    private final Pictures train;
    private final Pictures valid;
    private final SnapshotData all;

    /**
     * Makes data of pictures that are open.
     *
     * @param pictures every one of the dataset, in its order
     * @param all what tells labels and normalization
     */
    public Data(Pictures pictures, Folds folds, int fold, SnapshotData all) {
      held = folds.in(fold);
      train = pictures.subset(folds.notIn(fold));
      valid = pictures.subset(held);
      this.all = all;
    }

    /** Returns the numbers in the dataset of the pictures that validate, ascending. */
    public int[] held() {
      return held;
    }

    @Override
    public List<String> labels() {
      return all.labels();
    }

    @Override
    public Pictures train(int phase) {
      return train;
    }

    @Override
    public Pictures valid(int phase) {
      return valid;
    }

    @Override
    public Normalization normalization() {
      return all.normalization();
    }

    @Override
    public boolean leaky(int phase) {
      return false;
    }
  }

  private final Recipe recipe;
  private final Data data;
  private final Numerics numerics;
  private final int threads;

  /**
   * @param threads how many make batches, at least 1
   */
  public FoldTraining(Recipe recipe, Data data, Numerics numerics, int threads) {
    this.recipe = recipe;
    this.data = data;
    this.numerics = numerics;
    this.threads = threads;
  }

  /**
   * Trains and asks, on the calling torch thread.
   *
   * @param initial what training starts with
   * @return what the network says of each picture of the fold, in their order; empty where a stop
   *     was requested
   * @throws DivergedException when the loss is no longer a number, or explodes
   * @throws java.util.concurrent.CancellationException where a stop was requested while it asked
   */
  public Optional<List<Opinion>> opinions(
      StateDict initial, TrainingListener listener, TrainingControl control) {
    StateDict trained;
    try (RecipeBatches batches = new RecipeBatches(recipe, data, threads, numerics.precision());
        Trainer trainer = new Trainer(recipe, batches, initial, numerics, listener, control)) {
      if (!trainer.train()) {
        return Optional.empty();
      }
      trained = trainer.state();
    }
    return Optional.of(ask(trained, control));
  }

  private List<Opinion> ask(StateDict weights, TrainingControl control) {
    int[] images = data.held();
    int most = Math.max(1, Assessment.MOST_LOGITS / data.labels().size());
    List<Opinion> opinions = new ArrayList<>(images.length);
    try (Network network = new Network(weights, numerics);
        BatchLoader loader = new BatchLoader(threads, numerics.precision())) {
      ViewLogits answers =
          new ViewLogits(network, data.valid(1), source(loader), control::stopRequested);
      for (int from = 0; from < images.length; from += most) {
        int to = Math.min(images.length, from + most);
        LabelledLogits logits = answers.part(from, to).plain().logits();
        for (int i = from; i < to; i++) {
          opinions.add(Opinion.of(logits, i - from, images[i]));
        }
      }
    }
    return opinions;
  }

  private ViewLogits.Source source(BatchLoader loader) {
    Phase last = recipe.phases().get(recipe.phases().size() - 1);
    return new ViewLogits.Source(
        loader,
        Views.of(recipe.itemSize(), last.size(), data.normalization()),
        last.batchSize(),
        recipe.augmentation(),
        recipe.seed());
  }
}
