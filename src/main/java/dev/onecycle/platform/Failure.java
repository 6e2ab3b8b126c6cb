package dev.onecycle.platform;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure that the caller can understand and act on. Each kind has one HTTP status; anything else
 * that is thrown is a bug and answers 500.
 *
 * <p>Messages carry the value and its limit ("batch 65 &gt; maximum 64"); {@link #fix} says in one
 * sentence what to do next.
 */
public abstract sealed class Failure extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** One field of a request that is wrong: where, why, what was given, what would be allowed. */
  public record FieldError(
      String field, String message, @Nullable Object value, @Nullable Object limit) {}

  private final @Nullable String fix;

  private Failure(String message, @Nullable String fix, @Nullable Throwable cause) {
    super(message, cause);
    this.fix = fix;
  }

  /** Returns what is wrong: the value and its limit. */
  @Override
  public final String getMessage() {
    return requireNonNull(super.getMessage());
  }

  /** Returns what the caller can do about it, one sentence. */
  public final @Nullable String fix() {
    return fix;
  }

  /** 422: well-formed, but it cannot be done. */
  public static final class Invalid extends Failure {
    private static final long serialVersionUID = 1;
    private final transient List<FieldError> errors;

    public Invalid(String message, @Nullable String fix, List<FieldError> errors) {
      super(message, fix, null);
      this.errors = List.copyOf(errors);
    }

    public Invalid(String message, @Nullable String fix) {
      this(message, fix, List.of());
    }

    public Invalid(String message) {
      this(message, null, List.of());
    }

    /** Returns the failure of these errors, at least one; its message is the first of them. */
    public static Invalid fields(List<FieldError> errors) {
      String first = errors.get(0).field() + ": " + errors.get(0).message();
      String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more)";
      return new Invalid(first + more, null, errors);
    }

    /** Returns the failure of one field, as {@link FieldError} tells it. */
    public static Invalid field(
        String field, String message, @Nullable Object value, @Nullable Object limit) {
      return fields(List.of(new FieldError(field, message, value, limit)));
    }

    /** Returns the fields that are wrong; empty when the failure is not about fields. */
    public List<FieldError> errors() {
      return errors;
    }
  }

  /** 401: no key, or one that is not known here. */
  public static final class Unauthenticated extends Failure {
    private static final long serialVersionUID = 1;

    public Unauthenticated(String message, @Nullable String fix) {
      super(message, fix, null);
    }
  }

  /** 403: this caller may not do this. */
  public static final class Forbidden extends Failure {
    private static final long serialVersionUID = 1;

    public Forbidden(String message, @Nullable String fix) {
      super(message, fix, null);
    }
  }

  /** 404: there is no such thing. */
  public static final class NotFound extends Failure {
    private static final long serialVersionUID = 1;

    public NotFound(String message, @Nullable String fix) {
      super(message, fix, null);
    }

    public NotFound(String message) {
      this(message, null);
    }
  }

  /** 409: it exists, but its state does not allow this. */
  public static final class Conflict extends Failure {
    private static final long serialVersionUID = 1;
    private final transient List<String> blockers;

    /**
     * @param blockers paths of things that are in the way of it
     */
    public Conflict(String message, @Nullable String fix, List<String> blockers) {
      super(message, fix, null);
      this.blockers = List.copyOf(blockers);
    }

    public Conflict(String message, @Nullable String fix) {
      this(message, fix, List.of());
    }

    /** Returns paths of what is in the way; empty where it is the state alone. */
    public List<String> blockers() {
      return blockers;
    }
  }

  /** 413: more bytes, pixels or parts than the limit. */
  public static final class TooLarge extends Failure {
    private static final long serialVersionUID = 1;

    public TooLarge(String message, @Nullable String fix) {
      super(message, fix, null);
    }
  }

  /** 415: a kind of content that is not understood. */
  public static final class Unsupported extends Failure {
    private static final long serialVersionUID = 1;

    public Unsupported(String message, @Nullable String fix) {
      super(message, fix, null);
    }
  }

  /** 429: too much at once; come back after {@link #retryAfter}. */
  public static final class Overloaded extends Failure {
    private static final long serialVersionUID = 1;
    private final Duration retryAfter;

    public Overloaded(String message, Duration retryAfter) {
      super(message, null, null);
      this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** 503: this process cannot do it now: no room on the disk, no device, the store is gone. */
  public static final class Unavailable extends Failure {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, @Nullable String fix, @Nullable Throwable cause) {
      super(message, fix, cause);
    }
  }
}
