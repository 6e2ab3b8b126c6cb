package dev.onecycle.serving;

/** A prediction was given up because its caller left. Nobody is there to be told. */
public final class HungUp extends RuntimeException {

  private static final long serialVersionUID = 1;

  HungUp() {
    this(null);
  }

  /**
   * @param cause how that was noticed, or null
   */
  public HungUp(Throwable cause) {
    super("the caller hung up", cause);
  }
}
