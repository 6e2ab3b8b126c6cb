package dev.onecycle.run;

/** The states of a run between being asked for and its end. */
public enum RunState {
  /** Waits for a worker. */
  QUEUED,
  /** A worker trains it. */
  RUNNING,
  /** A worker was asked to stop after this step and to keep what it has. */
  PAUSING,
  /** Waits until somebody resumes it. */
  PAUSED,
  /** A worker was asked to stop after this step. */
  CANCELLING,
  CANCELLED,
  SUCCEEDED,
  FAILED;

  /** Returns whether nothing can happen to the run any more. */
  public boolean ended() {
    return this == CANCELLED || this == SUCCEEDED || this == FAILED;
  }

  /** Returns whether a worker holds the run. */
  public boolean held() {
    return this == RUNNING || this == PAUSING || this == CANCELLING;
  }
}
