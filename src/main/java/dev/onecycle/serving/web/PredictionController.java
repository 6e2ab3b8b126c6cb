package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.Problem;
import dev.onecycle.serving.Caller;
import dev.onecycle.serving.CallerLeft;
import dev.onecycle.serving.Models;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.serving.PredictionOutcome;
import dev.onecycle.serving.Predictor;
import dev.onecycle.serving.SentPicture;
import dev.onecycle.serving.ServingProperties;
import dev.onecycle.serving.web.PredictionView.Item;
import dev.onecycle.serving.web.PredictionView.Several;
import dev.onecycle.serving.web.PredictionView.Single;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** The routes of predictions, from a model or from a checkpoint, of one picture or of several. */
@RestController
@RequestMapping("/api/v1")
class PredictionController {

  private static final Logger log = LoggerFactory.getLogger(PredictionController.class);

  private final Models models;
  private final CheckpointStore checkpoints;
  private final Predictor predictor;
  private final SentBytes bodies;
  private final int maxPictures;

  PredictionController(
      Models models,
      CheckpointStore checkpoints,
      Predictor predictor,
      SentBytes bodies,
      ServingProperties properties) {
    this.models = models;
    this.checkpoints = checkpoints;
    this.predictor = predictor;
    this.bodies = bodies;
    this.maxPictures = properties.maxPictures();
  }

  /** The checkpoint that predicts: {@code model} is null where a checkpoint was asked directly. */
  private record Target(@Nullable String model, UUID checkpoint) {}

  /** Predicts the picture that is the body; its kind is read from its bytes. */
  @Answers({408, 409, 411, 413, 415, 422})
  @PostMapping("/models/{name}/predictions")
  Single predict(@PathVariable String name, PredictionQuery query, HttpServletRequest request) {
    model(name, request); // one that is not there is refused before the body is read
    byte[] picture = bodies.of(request);
    // Bodies take their time, and the model may have been switched meanwhile.
    return single(model(name, request), picture, query, WatchfulProtocol.caller(request));
  }

  /** Predicts the pictures that are the parts named {@code image}. */
  @PostMapping(path = "/models/{name}/predictions", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  Object predict(
      @PathVariable String name,
      PredictionQuery query,
      @RequestPart("image") List<MultipartFile> image,
      HttpServletRequest request) {
    return several(model(name, request), image, query, WatchfulProtocol.caller(request));
  }

  /** Predicts with a checkpoint that no model needs to point at; otherwise as for models. */
  @Answers({408, 409, 411, 413, 415, 422})
  @PostMapping("/checkpoints/{id}/predictions")
  Single predict(@PathVariable UUID id, PredictionQuery query, HttpServletRequest request) {
    Target target = checkpoint(id);
    return single(target, bodies.of(request), query, WatchfulProtocol.caller(request));
  }

  /** Predicts several pictures with a checkpoint. */
  @PostMapping(
      path = "/checkpoints/{id}/predictions",
      consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  Object predict(
      @PathVariable UUID id,
      PredictionQuery query,
      @RequestPart("image") List<MultipartFile> image,
      HttpServletRequest request) {
    return several(checkpoint(id), image, query, WatchfulProtocol.caller(request));
  }

  private Target model(String name, HttpServletRequest request) {
    Target target = new Target(name, models.served(name));
    PredictionInterceptor.isFor(name, request);
    return target;
  }

  private Target checkpoint(UUID id) {
    return new Target(null, checkpoints.get(id).id());
  }

  private PredictionOptions options(PredictionQuery query, Target target) {
    return query.options(() -> checkpoints.get(target.checkpoint));
  }

  private Single single(Target target, byte[] picture, PredictionQuery query, Caller caller) {
    return single(target, () -> picture, options(query, target), caller);
  }

  private Single single(
      Target target, SentPicture picture, PredictionOptions options, Caller caller) {
    PredictionOutcome answered =
        predictor.predict(target.checkpoint, List.of(picture), options, caller).get(0);
    return new Single(target.model, target.checkpoint, answered.get());
  }

  private Object several(
      Target target, List<MultipartFile> images, PredictionQuery query, Caller caller) {
    if (images.size() > maxPictures) {
      throw new Failure.TooLarge(
          images.size() + " pictures > maximum " + maxPictures, "Send them in several requests.");
    }
    PredictionOptions options = options(query, target);
    List<SentPicture> files = images.stream().map(this::file).toList();
    if (files.size() == 1) {
      return single(target, files.get(0), options, caller);
    }
    List<PredictionOutcome> answers = predictor.predict(target.checkpoint, files, options, caller);
    requireAnswers(answers);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      items.add(item(images.get(i), answers.get(i)));
    }
    return new Several(target.model, target.checkpoint, items);
  }

  /**
   * Requires one answer: a device that answers nothing is a failure of the request, and not of each
   * picture.
   */
  private static void requireAnswers(List<PredictionOutcome> answers) {
    List<Failure.Unavailable> missing =
        answers.stream()
            .map(PredictionOutcome::failure)
            .filter(Failure.Unavailable.class::isInstance)
            .map(Failure.Unavailable.class::cast)
            .toList();
    if (missing.size() == answers.size()) {
      throw missing.get(0);
    }
    missing.stream().limit(1).forEach(e -> log.warn("{} pictures: {}", missing.size(), e, e));
  }

  private static Item item(MultipartFile image, PredictionOutcome answered) {
    Failure failure = answered.failure();
    return new Item(
        image.getOriginalFilename(),
        answered.prediction(),
        failure == null ? null : Problem.of(failure));
  }

  private SentPicture file(MultipartFile image) {
    return () -> {
      try (InputStream picture = image.getInputStream()) {
        return bodies.of(picture);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  /** Answers nobody; the status is for the metrics. */
  @ExceptionHandler
  void hungUp(CallerLeft left, HttpServletRequest request, HttpServletResponse response) {
    PredictionInterceptor.left(request, response);
  }
}
