package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * The queue before the device: pictures of several requests become one forward pass. Whenever the
 * device is free it takes what waits of one classifier, at most {@code maxBatch} views and never
 * some of a picture's; classifiers take turns, however much is asked of each.
 *
 * <p>Nobody waits for company that may not come: a pass is held back only while views of its
 * classifier are booked and not there yet, nobody else could use the device, and the first has
 * waited for less than {@code maxDelay}.
 *
 * <p>Safe for any number of threads; passes run on the device's torch thread.
 */
@Component
class Batcher {

  private final ServingDevice device;
  private final PredictionMetrics metrics;
  private final int maxBatch;
  private final int maxQueue;
  private final long maxDelayNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<Classifier, Lane> lanes = new HashMap<>();

  /** The lanes in which somebody waits, in the order of their turns. */
  private final Deque<Lane> turns = new ArrayDeque<>();

  /** Whether a pass is under way or will come. */
  private boolean passing;

  Batcher(ServingDevice device, PredictionMetrics metrics, ServingProperties properties) {
    this.device = device;
    this.metrics = metrics;
    this.maxBatch = properties.maxBatch();
    this.maxQueue = properties.maxQueue();
    this.maxDelayNanos = properties.maxDelay().toNanos();
    metrics.queueDepth(this::booked);
  }

  /**
   * What a network said about the views of a picture.
   *
   * @param logits [views, labels]
   * @param queued how long they waited for the device
   * @param inference how long the forward pass took that they were in
   */
  record Answer(float[] logits, Duration queued, Duration inference) {}

  /** The views of one picture; nobody wants an answer that is already there, as when cancelled. */
  private record Waiting(
      FloatBuffer views, int count, long since, CompletableFuture<Answer> answer) {}

  /**
   * What is booked of one classifier: views that are being made, that wait and that are computed.
   */
  private static final class Lane {
    final Classifier classifier;
    final Deque<Waiting> waiting = new ArrayDeque<>();
    int coming;
    int ready;
    int computed;

    Lane(Classifier classifier) {
      this.classifier = classifier;
    }

    int booked() {
      return coming + ready + computed;
    }

    double nanos() {
      return classifier.nanosPerView() * booked();
    }
  }

  /** The right to ask about so many views; what was not used of it ends when it is closed. */
  final class Booking implements AutoCloseable {
    private final Lane lane;
    private int left;

    private Booking(Lane lane, int views) {
      this.lane = lane;
      left = views;
    }

    /**
     * Queues the views of a picture. Whoever cancels the answer before the device was free has
     * never asked.
     *
     * @param views [count, S, S, 3] from position 0; not to be changed until the answer is there
     */
    CompletableFuture<Answer> ask(FloatBuffer views, int count) {
      Waiting waiting = new Waiting(views, count, System.nanoTime(), new CompletableFuture<>());
      lock.lock();
      try {
        take(count);
        lane.ready += count;
        lane.waiting.add(waiting);
        if (lane.waiting.size() == 1) {
          turns.add(lane);
        }
        if (!passing) {
          passing = true;
          next();
        }
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
      return waiting.answer;
    }

    /** Gives up {@code count} views: their picture cannot be decoded. */
    void forgo(int count) {
      lock.lock();
      try {
        take(count);
        tidy(lane);
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void take(int count) {
      if (count > left) {
        throw new IllegalStateException(count + " views of " + left + " booked. This is a bug.");
      }
      left -= count;
      lane.coming -= count;
    }

    @Override
    public void close() {
      forgo(left);
    }
  }

  /**
   * Books a place for views that will be asked about. A queue in which nobody waits takes any
   * number.
   *
   * @throws Failure.Overloaded if the queue has no room for them
   */
  Booking book(Classifier classifier, int views) {
    lock.lock();
    try {
      int booked = booked();
      if (booked > 0 && booked + views > maxQueue) {
        throw full(booked);
      }
      Lane lane = lanes.computeIfAbsent(classifier, Lane::new);
      lane.coming += views;
      return new Booking(lane, views);
    } finally {
      lock.unlock();
    }
  }

  /** Throws {@link Failure.Overloaded} if the queue has no room for anybody. */
  void requireRoom() {
    lock.lock();
    try {
      int booked = booked();
      if (booked >= maxQueue) {
        throw full(booked);
      }
    } finally {
      lock.unlock();
    }
  }

  private Failure.Overloaded full(int booked) {
    return new Failure.Overloaded(
        booked + " views are waiting; the maximum is " + maxQueue, backlog());
  }

  /** How many views are booked: being made, waiting or computed. */
  int booked() {
    lock.lock();
    try {
      return lanes.values().stream().mapToInt(Lane::booked).sum();
    } finally {
      lock.unlock();
    }
  }

  /** How long the device has work for, by how long its last passes took. */
  Duration backlog() {
    lock.lock();
    try {
      return Duration.ofNanos((long) lanes.values().stream().mapToDouble(Lane::nanos).sum());
    } finally {
      lock.unlock();
    }
  }

  /** Behind what else the torch thread has to do, such as loading the next classifier. */
  private void next() {
    try {
      var unused = device.executor().submit(this::pass);
    } catch (RejectedExecutionException e) {
      passing = false;
      refuseAll(new Failure.Unavailable("the service is stopping", "Try again later.", e));
    }
  }

  private void refuseAll(Failure failure) {
    for (Lane lane : turns) {
      lane.waiting.forEach(waiting -> waiting.answer.completeExceptionally(failure));
      lane.waiting.clear();
      lane.ready = 0;
      tidy(lane);
    }
    turns.clear();
  }

  private Void pass() {
    Lane lane;
    List<Waiting> batch;
    lock.lock();
    try {
      lane = nextLane();
      if (lane == null) {
        passing = false;
        return null;
      }
      batch = nextBatch(lane);
    } finally {
      lock.unlock();
    }
    compute(lane.classifier, batch);
    lock.lock();
    try {
      lane.computed = 0;
      tidy(lane);
      next();
    } finally {
      lock.unlock();
    }
    return null;
  }

  /** The lane whose turn it is, once nothing more is to be waited for; null if nobody waits. */
  private Lane nextLane() {
    while (true) {
      dropTheGone();
      Lane lane = turns.peek();
      long left = lane == null ? 0 : worthWaiting(lane);
      if (left <= 0) {
        return lane;
      }
      try {
        left = arrived.awaitNanos(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return lane;
      }
    }
  }

  /** For how many nanoseconds more company is to be waited for. */
  private long worthWaiting(Lane lane) {
    boolean companyComes = lane.coming > 0 && lane.ready < maxBatch && turns.size() == 1;
    return companyComes ? lane.waiting.element().since + maxDelayNanos - System.nanoTime() : 0;
  }

  private void dropTheGone() {
    for (Lane lane : List.copyOf(turns)) {
      lane.waiting.removeIf(
          waiting -> {
            boolean gone = waiting.answer.isDone();
            lane.ready -= gone ? waiting.count : 0;
            return gone;
          });
      if (lane.waiting.isEmpty()) {
        turns.remove(lane);
        tidy(lane);
      }
    }
  }

  private List<Waiting> nextBatch(Lane lane) {
    List<Waiting> batch = new ArrayList<>();
    do {
      Waiting first = lane.waiting.remove();
      batch.add(first);
      lane.ready -= first.count;
      lane.computed += first.count;
    } while (!lane.waiting.isEmpty() && lane.computed + lane.waiting.element().count <= maxBatch);
    turns.remove(lane);
    if (!lane.waiting.isEmpty()) {
      turns.add(lane);
    }
    return batch;
  }

  private void tidy(Lane lane) {
    if (lane.booked() == 0) {
      lanes.remove(lane.classifier);
    }
  }

  private void compute(Classifier classifier, List<Waiting> batch) {
    try {
      long begun = System.nanoTime();
      float[] logits = classifier.logits(batch.stream().map(Waiting::views).toList());
      Duration inference = Duration.ofNanos(System.nanoTime() - begun);
      int views = batch.stream().mapToInt(Waiting::count).sum();
      metrics.passed(inference, views);
      int from = 0;
      for (Waiting waiting : batch) {
        int to = from + logits.length / views * waiting.count;
        Duration queued = Duration.ofNanos(begun - waiting.since);
        metrics.queued(queued);
        waiting.answer.complete(
            new Answer(Arrays.copyOfRange(logits, from, to), queued, inference));
        from = to;
      }
    } catch (RuntimeException | Error e) {
      batch.forEach(waiting -> waiting.answer.completeExceptionally(e));
    }
  }
}
