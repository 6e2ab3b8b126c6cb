package dev.onecycle.platform;

/** The share of a process in all that the service does. */
public enum Role {
  /** Everything. */
  ALL,
  /** Answers requests, imports datasets and predicts; it works on no run. */
  API,
  /** Works on runs; of HTTP it has health and metrics only. */
  WORKER;

  /** Returns whether the process answers the API's requests. */
  public boolean serves() {
    return this != WORKER;
  }

  /** Returns whether the process works on runs. */
  public boolean works() {
    return this != API;
  }
}
