package dev.onecycle.platform.http;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.apache.coyote.BadRequestException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.BindException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns everything that routes throw into problem documents. */
@RestControllerAdvice
class Problems {

  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  /** As {@code server.tomcat.max-parameter-count} says. */
  private static final int MOST_PARAMETERS = 256;

  @ExceptionHandler
  ResponseEntity<Problem> failure(Failure failure, HttpServletRequest request) {
    HttpHeaders headers = new HttpHeaders();
    if (failure instanceof Failure.Overloaded overloaded) {
      long seconds = Math.max(1, (overloaded.retryAfter().toMillis() + 999) / 1000);
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
    }
    if (failure instanceof Failure.Unavailable) {
      log.warn("{}", failure.getMessage(), failure);
    }
    return Problem.of(failure).at(request).answer(headers);
  }

  @ExceptionHandler
  ResponseEntity<Problem> unreadable(
      HttpMessageNotReadableException unreadable, HttpServletRequest request) {
    return answer(
        SlowBodies.ended(unreadable) ? SlowBodies.problem() : UnreadableJson.problem(unreadable),
        request);
  }

  /** Fields of a body or of the query that do not keep their constraints. */
  @ExceptionHandler
  ResponseEntity<Problem> invalid(BindException invalid, HttpServletRequest request) {
    return answer(
        invalid(invalid.getFieldErrors().stream().map(WrongFields::of).toList()), request);
  }

  /** Parameters of a route that do not keep their constraints. */
  @ExceptionHandler
  ResponseEntity<Problem> invalid(
      HandlerMethodValidationException invalid, HttpServletRequest request) {
    return answer(
        invalid(invalid.getParameterValidationResults().stream().flatMap(WrongFields::of).toList()),
        request);
  }

  /** A malformed id in the path names nothing; a malformed parameter is a wrong field. */
  @ExceptionHandler
  ResponseEntity<Problem> mismatch(
      MethodArgumentTypeMismatchException mismatch, HttpServletRequest request) {
    String name = mismatch.getName();
    Object value = mismatch.getValue();
    if (mismatch.getParameter().hasParameterAnnotation(PathVariable.class)) {
      return answer(
          Problem.of(
              HttpStatus.NOT_FOUND, "there is nothing with the " + name + " in this path", null),
          request);
    }
    Class<?> type = mismatch.getRequiredType();
    Object limit = type != null && type.isEnum() ? List.of(type.getEnumConstants()) : null;
    String message = StrictWords.problem(type, value);
    return answer(invalid(List.of(new FieldError(name, message, value, limit))), request);
  }

  /** A query or a multipart body that the server cannot take apart. */
  @ExceptionHandler
  ResponseEntity<Problem> parameters(
      InvalidParameterException unreadable, HttpServletRequest request) {
    return answer(parameters(unreadable.getErrorCode(), request), request);
  }

  static Problem parameters(int status, HttpServletRequest request) {
    if (status == HttpStatus.CONTENT_TOO_LARGE.value()) {
      return Problem.of(
          HttpStatus.CONTENT_TOO_LARGE,
          "the fields of the multipart body have more bytes than the maximum of 8 MB",
          "Send what is large as a file: -F manifest=@manifest.json.");
    }
    String query = request.getQueryString();
    long parameters = query == null ? 0 : query.chars().filter(c -> c == '&').count() + 1;
    return Problem.of(
        HttpStatus.BAD_REQUEST,
        parameters > MOST_PARAMETERS
            ? parameters + " parameters > maximum " + MOST_PARAMETERS
            : "the query or the multipart body cannot be taken apart",
        "Send name=value pairs joined by &, percent-encoded as UTF-8, and complete parts.");
  }

  @ExceptionHandler
  ResponseEntity<Problem> malformed(MalformedRequest malformed, HttpServletRequest request) {
    return answer(
        Problem.of(HttpStatus.BAD_REQUEST, requireNonNull(malformed.getMessage()), malformed.fix()),
        request);
  }

  /** A body whose chunks are none, or that ends before its length. */
  @ExceptionHandler
  ResponseEntity<Problem> broken(BadRequestException broken, HttpServletRequest request) {
    return answer(brokenBody(broken), request);
  }

  static Problem brokenBody(IOException failure) {
    if (SlowBodies.ended(failure)) {
      return SlowBodies.problem();
    }
    return Problem.of(
        HttpStatus.BAD_REQUEST,
        "the body breaks off or its chunks cannot be told apart",
        "Send it whole, with its Content-Length.");
  }

  @ExceptionHandler
  ResponseEntity<Problem> multipart(MultipartException failure, HttpServletRequest request) {
    if (failure instanceof ErrorResponse response) {
      return refused(response, request);
    }
    if (SlowBodies.ended(failure)) {
      return answer(SlowBodies.problem(), request);
    }
    return answer(
        Problem.of(
            HttpStatus.BAD_REQUEST,
            "the multipart body cannot be read",
            "Send complete parts, at most 128 of them, as multipart/form-data with a boundary."),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> integrity(
      DataIntegrityViolationException violation, HttpServletRequest request) {
    log.debug(
        "{} {} refused by the database", request.getMethod(), request.getRequestURI(), violation);
    return answer(
        Problem.of(
            HttpStatus.CONFLICT,
            "something else still uses this, or already has this name",
            "Delete what refers to it first, or choose another name."),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Problem> concurrency(
      ConcurrencyFailureException failure, HttpServletRequest request) {
    log.debug("{} {} lost a race", request.getMethod(), request.getRequestURI(), failure);
    return answer(
        Problem.of(
            HttpStatus.CONFLICT,
            "another request changed this at the same time",
            "Read it again and repeat the request."),
        request);
  }

  @ExceptionHandler({
    CannotCreateTransactionException.class,
    DataAccessResourceFailureException.class
  })
  ResponseEntity<Problem> database(Exception failure, HttpServletRequest request) {
    log.error("the database does not answer", failure);
    return answer(
        Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "the database does not answer",
            "Repeat the request in a moment."),
        request);
  }

  /** Paths, methods, headers and parameter names that no honest client sends. */
  @ExceptionHandler
  ResponseEntity<Problem> suspicious(
      RequestRejectedException rejected, HttpServletRequest request) {
    log.debug("refused: {}", rejected.getMessage());
    return answer(
        Problem.of(
            HttpStatus.BAD_REQUEST,
            "the path, or a name or value of a header or parameter, is not allowed",
            "Send the path as the documentation shows it, with nothing encoded that need not be."),
        request);
  }

  /** What Spring refuses with a status of its own, callers who left, and bugs. */
  @ExceptionHandler
  @Nullable ResponseEntity<Problem> anything(Exception failure, HttpServletRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(failure)) {
      log.debug("{} ended early: {}", request.getRequestURI(), failure.toString());
      return null;
    }
    if (failure instanceof ErrorResponse refusal) {
      return refused(refusal, request);
    }
    log.error("{} {} failed", request.getMethod(), request.getRequestURI(), failure);
    return answer(
        Problem.of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "something went wrong inside the service",
            "Report it with its request id, which is also in the log."),
        request);
  }

  private static ResponseEntity<Problem> refused(
      ErrorResponse refusal, HttpServletRequest request) {
    HttpStatus status = HttpStatus.valueOf(refusal.getStatusCode().value());
    String detail =
        refusal instanceof NoResourceFoundException
            ? "there is no " + request.getMethod() + " at this path"
            : refusal.getBody().getDetail();
    return Problem.of(status, detail == null ? status.getReasonPhrase() : detail, null)
        .at(request)
        .answer(refusal.getHeaders());
  }

  private static Problem invalid(List<FieldError> errors) {
    return Problem.of(Failure.Invalid.fields(errors));
  }

  private static ResponseEntity<Problem> answer(Problem problem, HttpServletRequest request) {
    return problem.at(request).answer(new HttpHeaders());
  }
}
