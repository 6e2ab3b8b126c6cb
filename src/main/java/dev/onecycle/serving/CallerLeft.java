package dev.onecycle.serving;

import org.jspecify.annotations.Nullable;

/** A prediction that was given up because its caller left. Nobody is there to be told. */
public final class CallerLeft extends RuntimeException {

  private static final long serialVersionUID = 1;

  CallerLeft() {
    this(null);
  }

  /**
   * Makes one that was noticed.
   *
   * @param cause how that was noticed, if by a failure
   */
  public CallerLeft(@Nullable Throwable cause) {
    super("the caller hung up", cause);
  }
}
