package dev.onecycle.torch;

import ai.djl.engine.EngineException;

/** The native engine refused or failed; the one class of errors that leaves this room. */
public final class TorchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** What went wrong, as far as a caller can act on it. */
  public enum Kind {
    /** The device or the host has no memory left for a tensor; a smaller batch may fit. */
    OUT_OF_MEMORY,
    /** The device is in a state that only a new process leaves: an illegal access, an ECC error. */
    DEVICE_LOST,
    /** An operator refused its arguments, or the engine is missing something. */
    OTHER
  }

  private final Kind kind;

  TorchException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static TorchException of(EngineException e) {
    String message = String.valueOf(e.getMessage());
    return new TorchException(kindOf(message), firstLines(message), e);
  }

  public Kind kind() {
    return kind;
  }

  private static Kind kindOf(String message) {
    if (message.contains("out of memory") || message.contains("can't allocate memory")) {
      return Kind.OUT_OF_MEMORY;
    }
    if (message.contains("illegal memory access")
        || message.contains("uncorrectable ECC")
        || message.contains("device-side assert")
        || message.contains("unspecified launch failure")) {
      return Kind.DEVICE_LOST;
    }
    return Kind.OTHER;
  }

  /** The sentence, without the engine's C++ stack. */
  private static String firstLines(String message) {
    int stack = message.indexOf("Exception raised from");
    return (stack < 0 ? message : message.substring(0, stack)).strip();
  }
}
