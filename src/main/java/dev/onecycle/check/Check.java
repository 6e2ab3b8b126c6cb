package dev.onecycle.check;

/** One thing that a device must do. */
interface Check {

  /** A short name, such as {@code resume}. */
  String name();

  /**
   * Tries it.
   *
   * @throws Exception if it went wrong in a way that nobody foresaw, which fails the check too
   */
  Finding of(Subject subject) throws Exception;
}
