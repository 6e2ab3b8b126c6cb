package dev.onecycle.serving;

import dev.onecycle.image.DecodeLimits;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import dev.onecycle.platform.Failure;
import dev.onecycle.serving.Prediction.Agreement;
import dev.onecycle.serving.Prediction.Timing;
import dev.onecycle.serving.ViewChoice.Drawn;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Service;

/**
 * Predicts pictures: decode, views, forward, combine. Pixels take memory and a core, so as many
 * pictures are decoded at the same time as there are cores; others wait for their turn.
 */
@Service
public class Predictor {

  private final Classifiers classifiers;
  private final PredictionMetrics metrics;
  private final DecodeLimits limits;
  private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  Predictor(Classifiers classifiers, PredictionMetrics metrics, ServingProperties properties) {
    this.classifiers = classifiers;
    this.metrics = metrics;
    this.limits = new DecodeLimits(properties.maxPixels());
  }

  /** The network's input, and how long it took to make. */
  private record Input(FloatBuffer views, int count, Duration decoding, Duration viewing) {}

  /**
   * What a checkpoint says about a picture. The same bytes and options give the same answer.
   *
   * @param file a whole picture file, of any kind that {@link PictureDecoder} reads
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Unavailable if it cannot be loaded
   * @throws Failure.Unsupported if the bytes are no known kind of picture
   * @throws Failure.TooLarge if the picture has too many pixels
   * @throws Failure.Invalid if it cannot be decoded
   */
  public Prediction predict(UUID checkpoint, byte[] file, PredictionOptions options) {
    Classifier classifier = classifiers.acquire(checkpoint);
    try {
      Input input = input(classifier, file, options);
      Classifier.Answer answer = classifier.classify(input.views, input.count);
      metrics.answered(input.decoding, input.viewing, answer, input.count);
      List<String> labels = classifier.manifest().labels();
      Combined combined = Combined.of(answer.logits(), labels.size(), options);
      return new Prediction(
          combined.ranked(labels, options),
          new Agreement(input.count, combined.agreement()),
          new Timing(
              milliseconds(input.decoding),
              milliseconds(input.viewing),
              milliseconds(answer.queued()),
              milliseconds(answer.inference())));
    } finally {
      classifier.release();
    }
  }

  private Input input(Classifier classifier, byte[] file, PredictionOptions options) {
    cores.acquireUninterruptibly();
    try {
      long begun = System.nanoTime();
      Picture picture = PictureDecoder.decode(file, limits);
      long decoded = System.nanoTime();
      List<Drawn> drawn =
          options
              .views()
              .draw(classifier.augmentation(), classifier.views().itemSize(), options.seed());
      int length = classifier.views().length();
      FloatBuffer views = FloatBuffer.allocate(length * drawn.size());
      for (int i = 0; i < drawn.size(); i++) {
        Drawn view = drawn.get(i);
        classifier.views().view(picture, view.draw(), view.crop(), views, i * length);
      }
      return new Input(
          views,
          drawn.size(),
          Duration.ofNanos(decoded - begun),
          Duration.ofNanos(System.nanoTime() - decoded));
    } finally {
      cores.release();
    }
  }

  private static double milliseconds(Duration duration) {
    return Math.round(duration.toNanos() / 1e3) / 1e3;
  }
}
