package dev.onecycle.platform.http;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * What every failing route answers: a problem document (RFC 9457).
 *
 * @param type a stable name of the kind of problem, a URN
 * @param title the kind of problem in words
 * @param status the HTTP status
 * @param detail what is wrong, with the value and its limit
 * @param instance the path that was asked for
 * @param requestId the request's {@code X-Request-Id}, which is in the log, too
 * @param errors the fields that are wrong, or null
 * @param fix what to do about it, or null
 * @param blockers paths of up to ten things that are in the way of a deletion, or null
 * @param error {@code detail} once more below {@code /v2}, where clients of the Open Inference
 *     Protocol look for it; elsewhere null
 */
public record Problem(
    URI type,
    String title,
    int status,
    String detail,
    @Nullable String instance,
    @Nullable String requestId,
    @Nullable List<FieldError> errors,
    @Nullable String fix,
    @Nullable List<String> blockers,
    @Nullable String error) {

  private static final int LONGEST_VALUE = 200;

  static Problem of(
      HttpStatus status, String detail, @Nullable String fix, List<FieldError> errors) {
    String kind = status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Problem(
        URI.create("urn:onecycle:problem:" + kind),
        status.getReasonPhrase(),
        status.value(),
        sound(detail),
        null,
        null,
        errors.isEmpty() ? null : errors.stream().map(Problem::brief).toList(),
        fix,
        null,
        null);
  }

  /** Values that somebody sent are shown back when they are short, not when they are documents. */
  private static FieldError brief(FieldError error) {
    Object value = error.value();
    boolean shown =
        value instanceof Number
            || value instanceof Boolean
            || (value instanceof String text && text.length() <= LONGEST_VALUE);
    return new FieldError(
        sound(error.field()),
        sound(error.message()),
        value instanceof String text && shown ? sound(text) : shown ? value : null,
        error.limit());
  }

  /** A text that UTF-8 can write: what callers sent may have half a surrogate pair. */
  private static String sound(String text) {
    if (text == null || text.codePoints().noneMatch(Problem::isHalf)) {
      return text;
    }
    StringBuilder whole = new StringBuilder();
    text.codePoints().map(c -> isHalf(c) ? '?' : c).forEach(whole::appendCodePoint);
    return whole.toString();
  }

  private static boolean isHalf(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  static Problem of(HttpStatus status, String detail, @Nullable String fix) {
    return of(status, detail, fix, List.of());
  }

  /** The problem that tells a caller about a failure: one kind, one status. */
  public static Problem of(Failure failure) {
    List<FieldError> errors =
        failure instanceof Failure.Invalid invalid ? invalid.errors() : List.of();
    Problem problem = of(status(failure), failure.getMessage(), failure.fix(), errors);
    return failure instanceof Failure.Conflict conflict && !conflict.blockers().isEmpty()
        ? problem.blockedBy(conflict.blockers())
        : problem;
  }

  private Problem blockedBy(List<String> links) {
    return new Problem(type, title, status, detail, instance, requestId, errors, fix, links, error);
  }

  private static HttpStatus status(Failure failure) {
    if (failure instanceof Failure.Invalid) {
      return HttpStatus.UNPROCESSABLE_CONTENT;
    }
    if (failure instanceof Failure.Unauthenticated) {
      return HttpStatus.UNAUTHORIZED;
    }
    if (failure instanceof Failure.Forbidden) {
      return HttpStatus.FORBIDDEN;
    }
    if (failure instanceof Failure.NotFound) {
      return HttpStatus.NOT_FOUND;
    }
    if (failure instanceof Failure.Conflict) {
      return HttpStatus.CONFLICT;
    }
    if (failure instanceof Failure.TooLarge) {
      return HttpStatus.CONTENT_TOO_LARGE;
    }
    if (failure instanceof Failure.Unsupported) {
      return HttpStatus.UNSUPPORTED_MEDIA_TYPE;
    }
    if (failure instanceof Failure.Overloaded) {
      return HttpStatus.TOO_MANY_REQUESTS;
    }
    if (failure instanceof Failure.Unavailable) {
      return HttpStatus.SERVICE_UNAVAILABLE;
    }
    throw new IllegalStateException(failure.getClass() + " has no status. This is a bug.");
  }

  /** The same problem, met by that request. */
  Problem at(HttpServletRequest request) {
    Object failed = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    String path = failed == null ? request.getRequestURI() : failed.toString();
    return met(path, RequestIds.of(request));
  }

  /** The same problem, met by a request of that path, null where it had none, and id. */
  Problem met(@Nullable String path, @Nullable String id) {
    String inProtocol = path != null && path.startsWith("/v2/") ? detail : null;
    return new Problem(type, title, status, detail, path, id, errors, fix, blockers, inProtocol);
  }

  ResponseEntity<Problem> answer(HttpHeaders headers) {
    return ResponseEntity.status(status)
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(this);
  }
}
