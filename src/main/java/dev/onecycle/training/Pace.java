package dev.onecycle.training;

/** The pace of training, in pictures per second. */
final class Pace {

  private long epochStarted;
  private long trainingEnded;
  private long since;
  private long ofEpoch;
  private long lately;

  void startEpoch() {
    epochStarted = System.nanoTime();
    since = epochStarted;
    ofEpoch = 0;
    lately = 0;
  }

  void add(int pictures) {
    ofEpoch += pictures;
    lately += pictures;
  }

  void endTraining() {
    trainingEnded = System.nanoTime();
  }

  /** Returns the pace since the last call, or the start of the epoch. */
  double lately() {
    long now = System.nanoTime();
    double rate = lately * 1e9 / Math.max(1, now - since);
    since = now;
    lately = 0;
    return rate;
  }

  /** Returns the pace over the epoch's training, without validation. */
  double ofEpoch() {
    return ofEpoch * 1e9 / Math.max(1, trainingEnded - epochStarted);
  }

  /** Returns the seconds since the epoch started. */
  double epochSeconds() {
    return (System.nanoTime() - epochStarted) / 1e9;
  }
}
