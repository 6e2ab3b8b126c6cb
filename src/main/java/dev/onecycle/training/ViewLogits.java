package dev.onecycle.training;

import dev.onecycle.dataset.pixels.Pictures;
import dev.onecycle.evaluation.LabelledLogits;
import dev.onecycle.image.Augmentation;
import dev.onecycle.image.ViewDraw;
import dev.onecycle.image.Views;
import dev.onecycle.network.Network;
import dev.onecycle.platform.Seed;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.training.data.Batch;
import dev.onecycle.training.data.BatchLoader;
import dev.onecycle.training.data.Batches;
import dev.onecycle.training.data.ViewDraws;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The answers of a network about pictures, looked at in several ways. Each way takes one pass over
 * the pictures, when it is first asked for. For the torch thread that made it alone.
 */
public final class ViewLogits {

  private static final int PLAIN = -1;
  private static final int MIRRORED = -2;

  private final Network network;
  private final Pictures pictures;
  private final Source source;
  private final BooleanSupplier stopRequested;
  private final Map<Integer, Answers> known = new HashMap<>();

  /**
   * The way pictures are looked at.
   *
   * @param batchSize how many at once
   * @param augmentation of the augmented views, as fastai's {@code learn.tta} draws them: anew for
   *     each picture, the crop for each batch
   * @param runSeed where they are drawn from; the same seed draws the same views
   */
  public record Source(
      BatchLoader loader, Views views, int batchSize, Augmentation augmentation, long runSeed) {}

  /**
   * The answers of one way.
   *
   * @param took from decoding to logits
   */
  public record Answers(LabelledLogits logits, Duration took) {}

  /**
   * Makes one that has no answer yet.
   *
   * @param network outlives this
   * @param stopRequested asked before every batch; once true, {@link CancellationException}
   */
  public ViewLogits(
      Network network, Pictures pictures, Source source, BooleanSupplier stopRequested) {
    this.network = network;
    this.pictures = pictures;
    this.source = source;
    this.stopRequested = stopRequested;
  }

  /** Returns how many pictures there are. */
  public int size() {
    return pictures.size();
  }

  /**
   * Returns the same for at most {@code most} pictures, evenly spread; this, where there are no
   * more.
   */
  public ViewLogits atMost(int most) {
    int size = pictures.size();
    if (size <= most) {
      return this;
    }
    int[] spread = IntStream.range(0, most).map(i -> (int) ((long) i * size / most)).toArray();
    return new ViewLogits(network, pictures.subset(spread), source, stopRequested);
  }

  /**
   * Returns the same for the pictures from {@code from} up to {@code to}, whose views are drawn as
   * those of no other part; this, where these are all.
   */
  public ViewLogits part(int from, int to) {
    if (to - from == size()) {
      return this;
    }
    Source own =
        new Source(
            source.loader,
            source.views,
            source.batchSize,
            source.augmentation,
            source.runSeed + from);
    return new ViewLogits(
        network, pictures.subset(IntStream.range(from, to).toArray()), own, stopRequested);
  }

  /** Looks at them as validation does. */
  public Answers plain() {
    return known.computeIfAbsent(PLAIN, way -> answers(still(ViewDraw.PLAIN)));
  }

  /** Looks at their mirror images. */
  public Answers mirrored() {
    return known.computeIfAbsent(MIRRORED, way -> answers(still(ViewDraw.FLIPPED)));
  }

  /** Looks at them augmented as in training, differently for each {@code view} from 0. */
  public Answers augmented(int view) {
    Seed seed = RandomStream.TEST_TIME_VIEWS.of(source.runSeed).child(view);
    ViewDraws drawing = ViewDraws.augmented(source.augmentation, source.views.itemSize(), seed);
    return known.computeIfAbsent(view, way -> answers(drawing));
  }

  private ViewDraws still(ViewDraw draw) {
    return ViewDraws.still(draw, source.views.itemSize());
  }

  private Answers answers(ViewDraws drawing) {
    if (known.isEmpty()) {
      warmUp();
    }
    long begun = System.nanoTime();
    int classes = network.layout().classes();
    float[] logits = new float[pictures.size() * classes];
    int[] labels = new int[pictures.size()];
    int[] order = IntStream.range(0, pictures.size()).toArray();
    int done = 0;
    try (Batches.Pass pass =
        source.loader.pass(pictures, order, source.batchSize, false, 0, source.views, drawing)) {
      while (pass.hasNext()) {
        if (stopRequested.getAsBoolean()) {
          throw new CancellationException("a stop was requested");
        }
        try (Scope scope = Scope.open()) {
          Batch batch = pass.next();
          float[] answered = network.evaluate(batch.pictures()).floats(); // sync point
          System.arraycopy(answered, 0, logits, done * classes, answered.length);
          for (long label : batch.labels()) {
            labels[done++] = (int) label;
          }
        }
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new Answers(new LabelledLogits(logits, labels, classes), took);
  }

  /**
   * Has the engine set up what it needs for a shape, which is not to be counted as an answer's
   * time.
   */
  private void warmUp() {
    int count = Math.min(source.batchSize, pictures.size());
    int side = source.views.size();
    try (Scope scope = Scope.open()) {
      network.evaluate(Tensor.zeros(count, side, side, 3)).floats();
    }
  }
}
