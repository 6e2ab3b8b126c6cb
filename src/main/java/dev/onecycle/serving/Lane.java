package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The bookings of one classifier: views that are coming, that wait and that are computed. Guarded
 * by the {@link Batcher}.
 */
final class Lane {

  /**
   * The views of one picture. Nobody wants an answer that is there before it is computed: it was
   * cancelled.
   *
   * @param views [count, S, S, 3]
   * @param since when they came, in nanoseconds
   */
  record Waiting(
      FloatBuffer views, int count, long since, CompletableFuture<Batcher.Answer> answer) {}

  private final Classifier classifier;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int coming;
  private int ready;
  private int computed;

  Lane(Classifier classifier) {
    this.classifier = classifier;
  }

  Classifier classifier() {
    return classifier;
  }

  /** Expects so many more views, or less: {@code views} may be negative. */
  void expect(int views) {
    coming += views;
  }

  /** Adds some of those that were expected. */
  void add(Waiting picture) {
    expect(-picture.count);
    ready += picture.count;
    waiting.add(picture);
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** Returns whether a pass of so many views would have room for some that are coming. */
  boolean hasCompanyFor(int most) {
    return coming > 0 && ready < most;
  }

  /** Returns since when the first waits, in nanoseconds. */
  long waitingSince() {
    return waiting.element().since;
  }

  /** Forgets those who do not wait any more. */
  void dropGone() {
    waiting.removeIf(
        picture -> {
          boolean gone = picture.answer.isDone();
          ready -= gone ? picture.count : 0;
          return gone;
        });
  }

  /** Takes the first picture, and those behind it that together have at most so many views. */
  List<Waiting> take(int most) {
    List<Waiting> batch = new ArrayList<>();
    do {
      Waiting picture = waiting.remove();
      batch.add(picture);
      ready -= picture.count;
      computed += picture.count;
    } while (isWaiting() && computed + waiting.element().count <= most);
    return batch;
  }

  /** Ends the pass: what was taken is answered. */
  void computed() {
    computed = 0;
  }

  /** Refuses everybody who waits. */
  void refuse(Failure failure) {
    waiting.forEach(picture -> picture.answer.completeExceptionally(failure));
    dropGone();
  }

  int booked() {
    return coming + ready + computed;
  }

  /** Returns what their pixels take. */
  long bytes() {
    return classifier.bytesPerView() * booked();
  }

  /** Returns for how long that keeps the device busy, in nanoseconds. */
  double nanos() {
    return classifier.nanosPerView() * booked();
  }
}
