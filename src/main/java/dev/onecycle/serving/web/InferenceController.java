package dev.onecycle.serving.web;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.platform.CodeVersion;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.Answers;
import dev.onecycle.platform.http.StrictJson;
import dev.onecycle.serving.Caller;
import dev.onecycle.serving.CallerLeft;
import dev.onecycle.serving.Models;
import dev.onecycle.serving.Prediction;
import dev.onecycle.serving.PredictionOptions;
import dev.onecycle.serving.PredictionOutcome;
import dev.onecycle.serving.Predictor;
import dev.onecycle.serving.SentPicture;
import dev.onecycle.serving.ServingProperties;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * The routes of the Open Inference Protocol, version 2, over HTTP, with its extension for tensors
 * as bytes: what clients of KServe and Triton speak. Predictions go the way of all others.
 */
@RestController
@RequestMapping(InferenceController.PATH)
class InferenceController {

  static final String PATH = "/v2";

  private final Models models;
  private final CheckpointStore checkpoints;
  private final Predictor predictor;
  private final SentBytes bodies;
  private final ServingProperties properties;
  private final ApplicationAvailability availability;
  private final InferenceView.InferenceServer server;
  private final JsonMapper mapper = new JsonMapper();
  private final ObjectReader reader;

  InferenceController(
      Models models,
      CheckpointStore checkpoints,
      Predictor predictor,
      SentBytes bodies,
      ServingProperties properties,
      ApplicationAvailability availability,
      CodeVersion code) {
    this.models = models;
    this.checkpoints = checkpoints;
    this.predictor = predictor;
    this.bodies = bodies;
    this.properties = properties;
    this.availability = availability;
    this.server =
        new InferenceView.InferenceServer(
            "onecycle", code.version(), List.of("binary_tensor_data"));
    this.reader = StrictJson.mapper(bodies.most()).readerFor(InferenceRequest.class);
  }

  /** Returns what this service is. */
  @GetMapping
  InferenceView.InferenceServer server() {
    return server;
  }

  /** Returns that the service is up. */
  @GetMapping("/health/live")
  InferenceView.ServerLive live() {
    return new InferenceView.ServerLive(true);
  }

  /** Returns that the service takes requests; 503 where it does not. */
  @GetMapping("/health/ready")
  InferenceView.ServerReady ready() {
    if (availability.getReadinessState() != ReadinessState.ACCEPTING_TRAFFIC) {
      throw new Failure.Unavailable("the service takes no requests now", "Try again later.", null);
    }
    return new InferenceView.ServerReady(true);
  }

  /** Returns the tensors that a model takes and answers. */
  @GetMapping("/models/{name}")
  InferenceView.InferenceModel model(@PathVariable String name) {
    return InferenceView.InferenceModel.of(name, checkpoints.get(models.served(name)).manifest());
  }

  /** Returns that a model is served. */
  @GetMapping("/models/{name}/ready")
  InferenceView.ModelReady ready(@PathVariable String name) {
    models.served(name);
    return new InferenceView.ModelReady(name, true);
  }

  /**
   * Predicts: {@code image} takes picture files, {@code pixels} what the network itself takes. In
   * JSON files are base64; a body that is longer than its JSON, as the header says, has the
   * tensor's bytes behind it.
   */
  @Answers({408, 409, 413, 415, 422})
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = InferenceRequest.class)),
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  @ApiResponse(
      responseCode = "200",
      description = "OK",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE,
            schema = @Schema(implementation = InferenceAnswer.class)),
        @Content(
            mediaType = MediaType.APPLICATION_OCTET_STREAM_VALUE,
            schema = @Schema(type = "string", format = "binary"))
      })
  @PostMapping(
      path = "/models/{name}/infer",
      consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE},
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE})
  ResponseEntity<byte[]> infer(
      @PathVariable String name,
      @RequestHeader(name = InferenceWriter.JSON_LENGTH, required = false) @Nullable Integer json,
      HttpServletRequest http) {
    models.served(name); // one that is not there is refused before the body is read
    PredictionInterceptor.isFor(name, http);
    byte[] body = bodies.of(http);
    UUID checkpoint = models.served(name); // it may have been switched meanwhile
    Manifest manifest = checkpoints.get(checkpoint).manifest();
    int length = jsonLength(json, body.length);
    InferenceRequest request = read(body, length, manifest, http);
    InferenceWriter writer = new InferenceWriter(request);
    ByteBuffer behind = ByteBuffer.wrap(body, length, body.length - length);
    InferenceInput input =
        InferenceInput.of(
            request, behind, manifest.preprocessing().size(), properties.maxPictures());
    PredictionOptions options =
        request.options().of(() -> checkpoints.get(checkpoint)).top(manifest.labels().size());
    List<Prediction> predictions =
        predict(checkpoint, input, options, WatchfulProtocol.caller(http));
    return writer.write(name, checkpoint, request, predictions, manifest.labels(), mapper);
  }

  private static int jsonLength(@Nullable Integer given, int all) {
    int length = given == null ? all : given;
    if (length < 0 || length > all) {
      String message = length + " is not between 0 and the body's " + all + " bytes";
      throw Failure.Invalid.field(InferenceWriter.JSON_LENGTH, message, length, all);
    }
    return length;
  }

  private InferenceRequest read(
      byte[] body, int length, Manifest manifest, HttpServletRequest http) {
    int most = manifest.preprocessing().views().length() * properties.maxPictures();
    try {
      InferenceRequest request =
          reader.withAttribute(TensorData.MOST_NUMBERS, most).readValue(body, 0, length);
      if (request == null) {
        throw Failure.Invalid.field("body", "must not be null", null, null);
      }
      return request;
    } catch (JacksonException e) {
      throw new HttpMessageNotReadableException(
          "the JSON of a request", e, new ServletServerHttpRequest(http));
    }
  }

  private List<Prediction> predict(
      UUID checkpoint, InferenceInput input, PredictionOptions options, Caller caller) {
    if (!input.views().isEmpty()) {
      if (!options.equals(
          PredictionOptions.DEFAULT.top(options.topK()).at(options.temperature()))) {
        throw new Failure.Invalid(
            "pixels are one view of a picture, and there are no others",
            "Send image, or leave out all parameters but calibrated.");
      }
      return answers(predictor.predictViews(checkpoint, input.views(), options, caller));
    }
    List<SentPicture> files =
        input.pictures().stream().<SentPicture>map(file -> () -> file).toList();
    return answers(predictor.predict(checkpoint, files, options, caller));
  }

  /** All or none: the protocol has no place for one picture's failure. */
  private static List<Prediction> answers(List<PredictionOutcome> outcomes) {
    return outcomes.stream().map(PredictionOutcome::get).toList();
  }

  /** Answers nobody; the status is for the metrics. */
  @ExceptionHandler
  void hungUp(CallerLeft left, HttpServletRequest request, HttpServletResponse response) {
    PredictionInterceptor.left(request, response);
  }
}
