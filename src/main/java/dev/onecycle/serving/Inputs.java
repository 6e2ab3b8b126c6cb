package dev.onecycle.serving;

import dev.onecycle.evaluation.ViewChoice.Drawn;
import dev.onecycle.image.DecodeLimits;
import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureDecoder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * The maker of the networks' input from pictures. Pixels take memory and a core, so as many
 * pictures are worked on at the same time as there are cores; others wait for their turn.
 */
@Component
class Inputs {

  private final PredictionMetrics metrics;
  private final DecodeLimits limits;
  private final Semaphore cores = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  Inputs(PredictionMetrics metrics, ServingProperties properties) {
    this.metrics = metrics;
    this.limits = new DecodeLimits(properties.maxPixels());
  }

  /**
   * A network's input.
   *
   * @param views [count, S, S, 3]
   */
  record Input(FloatBuffer views, int count, Duration decoding, Duration viewing) {}

  /**
   * Returns views of a picture.
   *
   * @param file a whole picture file, of any kind that {@link PictureDecoder} reads
   * @throws dev.onecycle.platform.Failure as {@link PictureDecoder#decode(byte[], DecodeLimits)}
   */
  Input make(Classifier classifier, byte[] file, List<Drawn> drawn) {
    cores.acquireUninterruptibly();
    try {
      long begun = System.nanoTime();
      Picture picture = PictureDecoder.decode(file, limits);
      long decoded = System.nanoTime();
      int length = classifier.views().length();
      FloatBuffer views = FloatBuffer.allocate(length * drawn.size());
      Picture item = drawn.size() == 1 ? picture : classifier.views().item(picture);
      for (int i = 0; i < drawn.size(); i++) {
        Drawn view = drawn.get(i);
        classifier.views().view(item, view.draw(), view.crop(), views, i * length);
      }
      Duration decoding = Duration.ofNanos(decoded - begun);
      Duration viewing = Duration.ofNanos(System.nanoTime() - decoded);
      metrics.prepared(decoding, viewing);
      return new Input(views, drawn.size(), decoding, viewing);
    } finally {
      cores.release();
    }
  }
}
