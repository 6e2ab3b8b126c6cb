package dev.onecycle.platform;

/** A refusal to start that says why and what to do, without a stack trace. */
public final class StartRefused extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String fix;

  public StartRefused(String message, String fix) {
    super(message);
    this.fix = fix;
  }

  /** Returns what to do about it, one sentence. */
  public String fix() {
    return fix;
  }
}
