package dev.onecycle.serving;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * The path of a prediction: decode, views, queue, forward, combine. The pictures of a request are
 * made ready one after the other, while the device already works on the first.
 */
@Service
public class Predictor {

  private final Classifiers classifiers;
  private final Inputs inputs;
  private final Batcher batcher;

  Predictor(Classifiers classifiers, Inputs inputs, Batcher batcher) {
    this.classifiers = classifiers;
    this.inputs = inputs;
    this.batcher = batcher;
  }

  /**
   * Returns what a checkpoint says about pictures, in their order. The same bytes and options give
   * the same answer. A picture that cannot be predicted does not spoil the others.
   *
   * @param caller asked now and then, on the calling thread, whether anybody still waits
   * @throws dev.onecycle.platform.Failure.NotFound if there is no such checkpoint
   * @throws dev.onecycle.platform.Failure.Unavailable if it cannot be loaded
   * @throws dev.onecycle.platform.Failure.Overloaded if too many views wait for the device
   * @throws CallerLeft if nobody waits any more
   */
  public List<PredictionOutcome> predict(
      UUID checkpoint, List<SentPicture> files, PredictionOptions options, Caller caller) {
    Classifier classifier = classifiers.acquire(checkpoint);
    try {
      int views = files.size() * options.views().count();
      List<Inquiry> inquiries =
          files.stream()
              .map(file -> new Inquiry(file, classifier, options, inputs, batcher, caller))
              .toList();
      try (Batcher.Booking booking = batcher.book(classifier, views)) {
        inquiries.forEach(inquiry -> inquiry.ask(booking));
        inquiries.forEach(Inquiry::lookAgain);
        return inquiries.stream().map(Inquiry::answered).toList();
      } finally {
        inquiries.forEach(Inquiry::giveUp);
      }
    } finally {
      classifier.release();
    }
  }
}
