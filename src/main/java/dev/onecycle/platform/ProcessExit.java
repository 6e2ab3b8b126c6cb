package dev.onecycle.platform;

/** The way this process ends itself, so that whoever supervises it starts a new one. */
@FunctionalInterface
public interface ProcessExit {

  /** sysexits.h's EX_TEMPFAIL: try again. */
  int TRY_AGAIN = 75;

  /** Begins an orderly end with that exit code, and returns. */
  void exit(int code);
}
