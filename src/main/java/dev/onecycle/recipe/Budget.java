package dev.onecycle.recipe;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Setting;
import dev.onecycle.platform.Settings;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The time that a run gets, instead of as long as its epochs take: some time of work, in which
 * neither pauses nor waiting count, or all the time until some moment. One of the two is null.
 */
public record Budget(
    @Setting(
            value = "time of work from 1s to 30d, such as 90s, 10m or 1h30m; or null",
            orNull = true)
        @Nullable String time,
    @Setting(value = "when it shall be done, such as 2030-01-31T12:00:00Z; or null", orNull = true)
        @Nullable String until) {

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofDays(30);
  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d{1,3})d)?(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");
  private static final List<Duration> EACH =
      List.of(
          Duration.ofDays(1), Duration.ofHours(1), Duration.ofMinutes(1), Duration.ofSeconds(1));

  /** What a budget is where nothing of it is given. */
  static final Budget TIME = new Budget("10m", null);

  /** What it is where until is given. */
  static final Budget UNTIL = new Budget(null, "2030-01-31T12:00:00Z");

  public Budget {
    Settings.check(Budget.class, time, until);
    List<FieldError> errors = new ArrayList<>();
    if ((time == null) == (until == null)) {
      errors.add(new FieldError("time", "give one of time and until", time, null));
    } else if (time != null) {
      Optional<Duration> read = duration(time);
      if (read.isEmpty()) {
        errors.add(new FieldError("time", "must be such as 90s, 10m or 1h30m", time, null));
      } else if (read.get().compareTo(LEAST) < 0) {
        errors.add(new FieldError("time", time + " < minimum 1s", time, "1s"));
      } else if (read.get().compareTo(MOST) > 0) {
        errors.add(new FieldError("time", time + " > maximum 30d", time, "30d"));
      }
    } else if (moment(until).isEmpty()) {
      String message = "must be a moment such as 2030-01-31T12:00:00Z";
      errors.add(new FieldError("until", message, until, null));
    }
    Settings.refuse(errors);
  }

  /** Returns the moment at which it shall be done; empty where a time of work is given. */
  public Optional<Instant> end() {
    return until == null ? Optional.empty() : moment(until);
  }

  /** Returns how much time of work there is at {@code now}; below zero once its end has passed. */
  public Duration left(Instant now) {
    return end().map(end -> Duration.between(now, end)).orElseGet(this::work);
  }

  /**
   * @throws Failure.Invalid if its end has passed at {@code now}
   */
  public void requireAhead(Instant now) {
    if (left(now).compareTo(Duration.ZERO) <= 0) {
      throw Failure.Invalid.field("budget.until", until + " has passed", until, null);
    }
  }

  private Duration work() {
    return duration(String.valueOf(time)).orElseThrow();
  }

  private static Optional<Duration> duration(String text) {
    Matcher units = UNITS.matcher(text);
    if (text.isEmpty() || !units.matches()) {
      return Optional.empty();
    }
    return IntStream.rangeClosed(1, EACH.size())
        .filter(i -> units.group(i) != null)
        .mapToObj(i -> EACH.get(i - 1).multipliedBy(Long.parseLong(units.group(i))))
        .reduce(Duration::plus);
  }

  private static Optional<Instant> moment(@Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
