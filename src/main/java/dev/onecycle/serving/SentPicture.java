package dev.onecycle.serving;

/** A picture that somebody sent. Its bytes are read when they are needed, which may be twice. */
@FunctionalInterface
public interface SentPicture {

  /**
   * Returns the whole file.
   *
   * @throws dev.onecycle.platform.Failure if it cannot be taken
   */
  byte[] bytes();
}
