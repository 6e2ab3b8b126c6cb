package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Refuses to fill a disk. Ask before a large write; a disk that others fill meanwhile is recognised
 * by {@link #failure}.
 *
 * @param reserve bytes that stay free
 */
public record DiskSpace(long reserve) {

  /**
   * Throws {@link Failure.Unavailable} unless {@code bytes} more fit below {@code directory}, which
   * exists, and the reserve stays free.
   */
  public void require(Path directory, long bytes) {
    long usable = directory.toFile().getUsableSpace();
    if (usable - reserve < bytes) {
      throw new Failure.Unavailable(
          "the disk is too full: %s needed, %s free of which %s stay reserved"
              .formatted(megabytes(bytes), megabytes(usable), megabytes(reserve)),
          "Free space on the disk of onecycle.home, or lower onecycle.store.reserve.",
          null);
    }
  }

  /** What a caller is told when writing failed with {@code cause}. */
  public static Failure.Unavailable failure(String what, IOException cause) {
    String reason = cause instanceof FileSystemException f ? f.getReason() : cause.getMessage();
    boolean full =
        reason != null
            && (reason.toLowerCase(Locale.ROOT).contains("no space left")
                || reason.toLowerCase(Locale.ROOT).contains("quota exceeded"));
    return full
        ? new Failure.Unavailable(
            "the disk is full: " + what + " could not be written",
            "Free space on the disk of onecycle.home and try again.",
            cause)
        : new Failure.Unavailable(what + " could not be written: " + reason(cause), null, cause);
  }

  /** Why something failed, for callers: the system's own messages name paths of this machine. */
  public static String reason(IOException cause) {
    if (cause instanceof FileSystemException file && file.getReason() != null) {
      return file.getReason();
    }
    if (cause instanceof NoSuchFileException || cause instanceof FileNotFoundException) {
      return "it is not there";
    }
    if (cause instanceof AccessDeniedException) {
      return "the service may not";
    }
    String message = cause.getMessage();
    boolean shown = message != null && message.indexOf('/') < 0;
    return shown ? message : cause.getClass().getSimpleName();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
