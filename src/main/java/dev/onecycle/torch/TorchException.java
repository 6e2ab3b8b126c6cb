package dev.onecycle.torch;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.function.Supplier;

/** A refusal or failure of the native engine: the one class of errors that leaves this room. */
public final class TorchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** A kind of failure, as far as a caller can act on it. */
  public enum Kind {
    /** The device or the host has no memory left for a tensor; a smaller batch may fit. */
    OUT_OF_MEMORY,
    /** The device is in a state that only a new process leaves: an illegal access, an ECC error. */
    DEVICE_LOST,
    /** An operator refused its arguments, or the engine is missing something. */
    OTHER
  }

  private static final List<String> NO_MEMORY =
      List.of(
          "out of memory",
          "can't allocate memory",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED");

  /** The words for CUDA's errors after which, as its manual says, the process must be ended. */
  private static final List<String> LOST =
      List.of(
          "illegal memory access",
          "uncorrectable ECC",
          "uncorrectable NVLink",
          "device-side assert",
          "unspecified launch failure",
          "the launch timed out",
          "hardware stack error",
          "illegal instruction",
          "misaligned address",
          "invalid program counter",
          "operation not supported on global/shared address space");

  private final Kind kind;

  public TorchException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  TorchException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what {@code call} answers; what the engine throws in it comes out as one of these. */
  static <T> T told(Supplier<T> call) {
    try {
      return call.get();
    } catch (EngineException e) {
      throw of(e);
    }
  }

  static TorchException of(EngineException e) {
    String message = String.valueOf(e.getMessage());
    return new TorchException(kindOf(message), firstLines(message), e);
  }

  public Kind kind() {
    return kind;
  }

  private static Kind kindOf(String message) {
    if (NO_MEMORY.stream().anyMatch(message::contains)) {
      return Kind.OUT_OF_MEMORY;
    }
    return LOST.stream().anyMatch(message::contains) ? Kind.DEVICE_LOST : Kind.OTHER;
  }

  /** Returns the sentence, without the engine's C++ stack. */
  private static String firstLines(String message) {
    int stack = message.indexOf("Exception raised from");
    return (stack < 0 ? message : message.substring(0, stack)).strip();
  }
}
