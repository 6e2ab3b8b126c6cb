package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The failure of a work that knows what kind it met. */
public final class WorkFailed extends Exception {

  private static final long serialVersionUID = 1;

  /** Those of an absolute path, up to its last name; not of a URL. */
  private static final Pattern FOLDERS =
      Pattern.compile("(^|[\\s'\"(\\[:=])/(?!/)([^\\s'\")\\]:]*/)?");

  private final transient RunFailure failure;

  public WorkFailed(
      RunFailure.Kind kind,
      @Nullable String message,
      @Nullable String fix,
      @Nullable Throwable cause) {
    super(message, cause);
    this.failure = new RunFailure(kind, message, fix);
  }

  /**
   * Returns what a run says about anything that its work can throw: a failure that names its kind
   * as it is, the JVM's and the disk's limits as such, a {@link Failure} as a matter of the data,
   * all else as a bug. The first in the chain of causes that can be told apart counts.
   */
  public static RunFailure of(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof WorkFailed known) {
        return known.failure;
      }
      if (cause instanceof OutOfMemoryError) {
        return new RunFailure(
            RunFailure.Kind.OUT_OF_MEMORY,
            "out of memory: " + cause.getMessage(),
            "Halve the batch size or the picture size, or give the process more memory.");
      }
      if (cause instanceof Failure.Unavailable unavailable) {
        return new RunFailure(RunFailure.Kind.STORAGE, unavailable.getMessage(), unavailable.fix());
      }
      if (cause instanceof Failure failure) {
        return new RunFailure(RunFailure.Kind.DATA, failure.getMessage(), failure.fix());
      }
      if (isFullDisk(cause)) {
        return new RunFailure(
            RunFailure.Kind.STORAGE,
            "no room on the disk",
            "Free space in onecycle.home, then submit the run again.");
      }
    }
    return new RunFailure(
        RunFailure.Kind.INTERNAL,
        FOLDERS.matcher(thrown.toString()).replaceAll("$1"),
        "This is a bug. The worker's log has the whole story under the run's id.");
  }

  private static boolean isFullDisk(Throwable cause) {
    String message =
        cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
    return cause instanceof IOException
        && message != null
        && message.contains("No space left on device");
  }
}
