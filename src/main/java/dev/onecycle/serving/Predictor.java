package dev.onecycle.serving;

import dev.onecycle.evaluation.ViewChoice;
import dev.onecycle.evaluation.ViewChoice.Drawn;
import dev.onecycle.serving.Inputs.Input;
import java.nio.FloatBuffer;
import java.time.Duration;
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
    return predict(
        checkpoint,
        files,
        (classifier, file, drawn) -> inputs.make(classifier, file.bytes(), drawn),
        options,
        caller);
  }

  /**
   * Returns what a checkpoint says about views that somebody else made, as {@link #predict} does
   * about pictures.
   *
   * @param views each [S, S, 3] from position 0, normalised; not to be changed until this returns
   * @param options of {@link ViewChoice#NONE}: there is no picture to make other views of
   */
  public List<PredictionOutcome> predictViews(
      UUID checkpoint, List<FloatBuffer> views, PredictionOptions options, Caller caller) {
    if (options.views() != ViewChoice.NONE) {
      throw new IllegalArgumentException("views of views: " + options.views());
    }
    return predict(
        checkpoint,
        views,
        (classifier, view, drawn) -> new Input(view, 1, Duration.ZERO, Duration.ZERO),
        options,
        caller);
  }

  /** Makes a network's input of what was sent. */
  private interface Maker<T> {
    Input make(Classifier classifier, T sent, List<Drawn> drawn);
  }

  private <T> List<PredictionOutcome> predict(
      UUID checkpoint, List<T> sent, Maker<T> maker, PredictionOptions options, Caller caller) {
    Classifier classifier = classifiers.acquire(checkpoint);
    try {
      int views = sent.size() * options.views().count();
      List<Inquiry> inquiries =
          sent.stream()
              .map(
                  each ->
                      new Inquiry(
                          drawn -> maker.make(classifier, each, drawn),
                          classifier,
                          options,
                          batcher,
                          caller))
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
