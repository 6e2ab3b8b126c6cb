package dev.onecycle.serving.web;

import static java.util.Locale.ROOT;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.http.SlowBodies;
import dev.onecycle.serving.Admission;
import dev.onecycle.serving.PredictionMetrics;
import dev.onecycle.serving.ServingProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The filter before the prediction routes: it refuses what is too large or too much before a byte
 * of the body is read, and counts how each request ended.
 */
@Component
class PredictionInterceptor implements HandlerInterceptor, WebMvcConfigurer {

  private static final String MODEL = PredictionInterceptor.class.getName() + ".model";
  private static final String LEFT = PredictionInterceptor.class.getName() + ".left";
  private static final String NO_MODEL = "none";
  private static final String OVERLOADED = "overloaded";

  /** As nginx has it: there is no status for a caller who left. */
  private static final int HUNG_UP = 499;

  private final Admission admission;
  private final PredictionMetrics metrics;
  private final ServingProperties properties;

  PredictionInterceptor(
      Admission admission, PredictionMetrics metrics, ServingProperties properties) {
    this.admission = admission;
    this.metrics = metrics;
    this.properties = properties;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry
        .addInterceptor(this)
        .addPathPatterns(
            "/api/v1/models/*/predictions",
            "/api/v1/checkpoints/*/predictions",
            InferenceController.PATH + "/models/*/infer");
  }

  /** Says which model a request is for, once it is known to exist. */
  static void isFor(String model, HttpServletRequest request) {
    request.setAttribute(MODEL, model);
  }

  /** Says that nobody hears the answer; the server may have put a status of its own into it. */
  static void left(HttpServletRequest request, HttpServletResponse response) {
    request.setAttribute(LEFT, true);
    response.setStatus(HUNG_UP);
  }

  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    SlowBodies.hurry(request);
    try {
      String type = Objects.requireNonNullElse(request.getContentType(), "").toLowerCase(ROOT);
      requirePicture(type);
      requireSize(request, type.startsWith("multipart/"));
      admission.enter();
    } catch (Failure.Overloaded e) {
      metrics.request(NO_MODEL, OVERLOADED);
      throw e;
    } catch (Failure | ResponseStatusException e) {
      metrics.request(NO_MODEL, "refused");
      throw e;
    }
    return true;
  }

  /**
   * Requires a picture: a form's body would be taken for parameters before anybody could look at
   * it.
   */
  private static void requirePicture(String type) {
    if (type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
      throw new Failure.Unsupported(
          "a form is no picture", "Send the file with -H 'Content-Type: image/jpeg'.");
    }
  }

  private void requireSize(HttpServletRequest request, boolean parts) {
    long length = request.getContentLengthLong();
    long most = parts ? properties.maxRequestBytes() : properties.maxPicture().toBytes();
    if (length > most) {
      throw new Failure.TooLarge(
          "a body of " + length + " bytes > maximum " + most,
          "Send smaller or fewer pictures, or raise onecycle.serving.max-picture.");
    }
    if (parts && length < 0) {
      throw new ResponseStatusException(
          HttpStatus.LENGTH_REQUIRED,
          "a multipart body without Content-Length: send its length, or one picture as the body");
    }
  }

  @Override
  public void afterCompletion(
      HttpServletRequest request,
      HttpServletResponse response,
      Object handler,
      @Nullable Exception failure) {
    admission.leave();
    Object model = request.getAttribute(MODEL);
    String outcome =
        request.getAttribute(LEFT) == null ? outcome(response.getStatus()) : "abandoned";
    metrics.request(model == null ? NO_MODEL : model.toString(), outcome);
  }

  private static String outcome(int status) {
    if (status < 400) {
      return "answered";
    }
    if (status == HttpStatus.TOO_MANY_REQUESTS.value()) {
      return OVERLOADED;
    }
    return status < 500 ? "refused" : "failed";
  }
}
