package dev.onecycle.webhook;

/** What others can be told of. */
public enum EventType {
  RUN_ENDED("run.ended"),
  MODEL_SWITCHED("model.switched"),
  WORKER_LOST("worker.lost");

  private final String word;

  EventType(String word) {
    this.word = word;
  }

  /** Returns what it is called in settings and messages. */
  String word() {
    return word;
  }
}
