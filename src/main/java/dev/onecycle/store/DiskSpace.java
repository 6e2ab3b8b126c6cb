package dev.onecycle.store;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A guard that keeps disks from filling up. Ask before a large write; a disk that others fill
 * meanwhile is recognised by {@link #failure}.
 *
 * @param reserve bytes that stay free
 */
public record DiskSpace(long reserve) {

  /**
   * Requires room for {@code bytes} more below {@code directory}, which exists.
   *
   * @throws Failure.Unavailable if they do not fit, or the reserve would not stay free
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

  /** Returns what a caller is told when writing failed with {@code cause}. */
  public static Failure.Unavailable failure(String what, IOException cause) {
    String reason = Reason.of(cause);
    boolean full =
        reason.toLowerCase(Locale.ROOT).contains("no space left")
            || reason.toLowerCase(Locale.ROOT).contains("quota exceeded");
    return full
        ? new Failure.Unavailable(
            "the disk is full: " + what + " could not be written",
            "Free space on the disk of onecycle.home and try again.",
            cause)
        : new Failure.Unavailable(what + " could not be written: " + reason, null, cause);
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
  }
}
