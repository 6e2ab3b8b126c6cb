package dev.onecycle.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.onecycle.platform.Failure.FieldError;
import jakarta.validation.constraints.Size;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The values that trials draw one field of a recipe from: those from {@code min} to {@code max}, or
 * one of a list.
 *
 * @param min smallest value, or null with {@code oneOf}
 * @param max largest value, or null with {@code oneOf}
 * @param log whether each power of ten is as likely as the next; absent, each value
 * @param integer whether only whole numbers are drawn
 * @param oneOf the values themselves, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Range(
    @Nullable Double min,
    @Nullable Double max,
    @Nullable Boolean log,
    @Nullable Boolean integer,
    @Size(min = 1, max = 100) @Nullable List<Object> oneOf) {

  /** Adds what is wrong with it, as the range of {@code field}. */
  void check(String field, List<FieldError> errors) {
    if (oneOf != null) {
      if (min != null || max != null || log != null || integer != null) {
        errors.add(new FieldError(field, "has oneOf, so it has nothing else", oneOf.size(), null));
      }
      return;
    }
    if (min == null || max == null) {
      errors.add(new FieldError(field, "needs min and max, or oneOf", null, null));
    } else if (!(min <= max) || Double.isInfinite(min) || Double.isInfinite(max)) {
      errors.add(new FieldError(field + ".max", "max " + max + " < min " + min, max, min));
    } else if (isLog() && min <= 0) {
      errors.add(
          new FieldError(field + ".min", "min " + min + " is not above 0, as log has it", min, 0));
    } else if (isInteger() && Math.ceil(min) > Math.floor(max)) {
      errors.add(
          new FieldError(field, "no whole number is within " + min + " and " + max, min, max));
    }
  }

  /** Returns one of its values. INVARIANT: nothing is wrong with it. */
  Object draw(RandomGenerator random) {
    if (oneOf != null) {
      return new ArrayList<>(oneOf).get(random.nextInt(oneOf.size()));
    }
    double smallest = Objects.requireNonNull(min);
    double largest = Objects.requireNonNull(max);
    if (isInteger()) {
      return drawWhole(random, (long) Math.ceil(smallest), (long) Math.floor(largest));
    }
    return Math.max(smallest, Math.min(largest, between(random, smallest, largest)));
  }

  /** A whole number stands for all that is rounded to it, so that the ends are as likely. */
  private long drawWhole(RandomGenerator random, long smallest, long largest) {
    double reach = isLog() ? 0 : 0.5;
    long drawn = Math.round(between(random, smallest - reach, largest + reach));
    return Math.max(smallest, Math.min(largest, drawn));
  }

  private double between(RandomGenerator random, double low, double high) {
    double at = end(low) + random.nextDouble() * (end(high) - end(low));
    return isLog() ? Math.exp(at) : at;
  }

  private double end(double value) {
    return isLog() ? Math.log(value) : value;
  }

  private boolean isLog() {
    return Boolean.TRUE.equals(log);
  }

  private boolean isInteger() {
    return Boolean.TRUE.equals(integer);
  }
}
