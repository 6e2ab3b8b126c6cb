package dev.onecycle.platform;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.regex.Pattern;

/** Why reading or writing failed, in words that name no path of this machine. */
public final class Reason {

  /** What looks like an absolute path. */
  private static final Pattern PATH = Pattern.compile("(^|[\\s'\"(:])/\\w");

  private Reason() {}

  /** The reason, as the end of a sentence. */
  public static String of(IOException failed) {
    if (failed instanceof NoSuchFileException || failed instanceof FileNotFoundException) {
      return "it is gone";
    }
    if (failed instanceof AccessDeniedException) {
      return "it may not be read or written";
    }
    String reason =
        failed instanceof FileSystemException file ? file.getReason() : failed.getMessage();
    if (reason != null && !PATH.matcher(reason).find()) {
      return reason;
    }
    return failed instanceof EOFException ? "it ends too early" : "reading or writing failed";
  }
}
