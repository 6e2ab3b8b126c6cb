package dev.onecycle.platform.http;

/**
 * A request that cannot be read as HTTP has it: 400. What can be read and is wrong is a Failure.
 */
final class MalformedRequest extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String fix;

  /**
   * @param fix what to do about it, one sentence
   */
  MalformedRequest(String message, String fix) {
    super(message);
    this.fix = fix;
  }

  String fix() {
    return fix;
  }
}
