package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.evaluation.ViewChoice.Drawn;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.DecodeLimits;
import dev.onecycle.network.InferenceNetwork;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Seed;
import dev.onecycle.serving.Classifier;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a checkpoint about many pictures, batch by batch and in order: with the views and
 * the network that predictions are made with. For the torch thread that made it alone.
 */
final class AnswerBatches implements AutoCloseable {

  /** Views of 224 pixels that are looked at at once; more of smaller ones, up to the most. */
  private static final int VIEWS = 64;

  private static final int MOST_VIEWS = 256;

  private final InferenceNetwork network;
  private final ViewBatches batches;
  private final int viewsEach;
  private final int size;
  private final int classes;
  private final int steps;

  /**
   * The way in which pictures are looked at.
   *
   * @param seed where augmented views are drawn from
   */
  record Looking(
      ViewChoice views, Seed seed, DType precision, DecodeLimits limits, int dataThreads) {}

  /**
   * The answer about one picture.
   *
   * @param logits [views, classes], the plain view first; null where there is a problem
   * @param problem why the picture could not be looked at, or null
   */
  record Answer(int picture, float @Nullable [] logits, @Nullable Failure problem) {

    /** Returns the logits; throws what the problem is. */
    float[] required() {
      if (logits == null) {
        throw requireNonNull(problem);
      }
      return logits;
    }
  }

  /** Starts at picture {@code from}. */
  AnswerBatches(LoadedCheckpoint checkpoint, PictureSource pictures, int from, Looking looking) {
    Views views = checkpoint.manifest().preprocessing().views();
    List<Drawn> drawn =
        looking.views.draw(
            Classifier.augmentation(checkpoint.manifest()), views.itemSize(), looking.seed);
    int batchSize = batchSize(drawn.size(), views.size());
    viewsEach = drawn.size();
    size = views.size();
    classes = checkpoint.manifest().labels().size();
    steps = steps(pictures.size() - from, viewsEach, size);
    batches =
        new ViewBatches(
            pictures, from, batchSize, drawn, views, looking.limits, looking.dataThreads);
    try {
      network = InferenceNetwork.of(checkpoint.state(), looking.precision, size);
    } catch (RuntimeException e) {
      batches.close();
      throw e;
    }
  }

  /**
   * Returns how many pictures are looked at at once: about the same memory for all sizes, and the
   * same on every device, since a run may go on on another.
   */
  private static int batchSize(int viewsEach, int size) {
    long most = Math.min(MOST_VIEWS, VIEWS * 224L * 224L / ((long) size * size));
    return (int) Math.max(1, most / viewsEach);
  }

  /** Returns how many batches so many pictures are. */
  static int steps(int pictures, int viewsEach, int size) {
    int batchSize = batchSize(viewsEach, size);
    return (pictures + batchSize - 1) / batchSize;
  }

  /** Returns how many batches there are in all. */
  int steps() {
    return steps;
  }

  boolean hasNext() {
    return batches.hasNext();
  }

  /** Returns the answers about the next batch, one per picture. */
  List<Answer> next() {
    ViewBatches.Batch batch = batches.next();
    int count = batch.problems().size();
    long all = (long) count * viewsEach;
    float[] logits;
    try (Scope scope = Scope.open()) {
      Tensor views = Tensor.of(batch.pixels(), all, size, size, 3);
      logits = network.logits(views).floats(); // sync point
    }
    List<Answer> answers = new ArrayList<>();
    int each = viewsEach * classes;
    for (int i = 0; i < count; i++) {
      Failure problem = batch.problems().get(i);
      float[] own = problem == null ? Arrays.copyOfRange(logits, i * each, (i + 1) * each) : null;
      answers.add(new Answer(batch.first() + i, own, problem));
    }
    return answers;
  }

  @Override
  public void close() {
    batches.close();
    network.close();
  }
}
