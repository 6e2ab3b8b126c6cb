package dev.onecycle.platform.http;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.onecycle.platform.Failure.FieldError;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.validation.method.ParameterValidationResult;

/** Says of fields and parameters that do not keep their constraints what they are and may be. */
final class WrongFields {

  private WrongFields() {}

  /** A field of a body or of a query. */
  static FieldError of(org.springframework.validation.FieldError error) {
    Object value = error.getRejectedValue();
    if (error.contains(TypeMismatchException.class)) {
      Class<?> type = error.unwrap(TypeMismatchException.class).getRequiredType();
      return new FieldError(error.getField(), StrictWords.problem(type, value), value, null);
    }
    if (error.contains(ConstraintViolation.class)) {
      return of(error.getField(), value, error.unwrap(ConstraintViolation.class));
    }
    String message = requireNonNullElse(error.getDefaultMessage(), "is not allowed");
    return new FieldError(error.getField(), message, value, null);
  }

  /** The constraints that a parameter of a route does not keep. */
  static Stream<FieldError> of(ParameterValidationResult result) {
    String name = requireNonNull(result.getMethodParameter().getParameterName());
    return result.getResolvableErrors().stream()
        .map(
            error ->
                of(name, result.getArgument(), result.unwrap(error, ConstraintViolation.class)));
  }

  private static FieldError of(
      String field, @Nullable Object value, ConstraintViolation<?> violation) {
    Annotation constraint = violation.getConstraintDescriptor().getAnnotation();
    if (constraint instanceof Min min) {
      return new FieldError(field, value + " < minimum " + min.value(), value, min.value());
    }
    if (constraint instanceof Max max) {
      return new FieldError(field, value + " > maximum " + max.value(), value, max.value());
    }
    if (constraint instanceof Size size && value instanceof Collection<?> entries) {
      String message = entries.size() + " entries > maximum " + size.max();
      return new FieldError(field, message, entries.size(), size.max());
    }
    return new FieldError(field, violation.getMessage(), value, null);
  }
}
