package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Loop;
import dev.onecycle.serving.Lane.Waiting;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
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
class Batcher implements Loop {

  private final ServingDevice device;
  private final PredictionMetrics metrics;
  private final int maxBatch;
  private final int maxQueue;
  private final long maxDelayNanos;

  /** What the views of all who wait may take together, of large pictures above all. */
  private final long maxBytes = Runtime.getRuntime().maxMemory() / 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<Classifier, Lane> lanes = new HashMap<>();

  /** The lanes in which somebody waits, in the order of their turns. */
  private final Deque<Lane> turns = new ArrayDeque<>();

  /** Whether a pass is under way or will come. */
  private volatile boolean passing;

  /** When the last pass began, or was asked for by who found none under way, in nanoseconds. */
  private volatile long turned;

  Batcher(ServingDevice device, PredictionMetrics metrics, ServingProperties properties) {
    this.device = device;
    this.metrics = metrics;
    this.maxBatch = properties.maxBatch();
    this.maxQueue = properties.maxQueue();
    this.maxDelayNanos = properties.maxDelay().toNanos();
    metrics.queueDepth(this::booked);
  }

  /**
   * The logits of a picture's views.
   *
   * @param logits [views, labels]
   * @param queued how long they waited for the device
   * @param inference how long the forward pass took that they were in
   */
  record Answer(float[] logits, Duration queued, Duration inference) {}

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
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      lock.lock();
      try {
        use(count);
        if (!lane.isWaiting()) {
          turns.add(lane);
        }
        lane.add(new Waiting(views, count, System.nanoTime(), answer));
        if (!passing) {
          turned = System.nanoTime();
          passing = true;
          next();
        }
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
      return answer;
    }

    /** Gives up {@code count} views: their picture cannot be decoded. */
    void forgo(int count) {
      lock.lock();
      try {
        use(count);
        lane.expect(-count);
        tidy(lane);
        arrived.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void use(int count) {
      if (count > left) {
        throw new IllegalStateException(count + " views of " + left + " booked. This is a bug.");
      }
      left -= count;
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
   * @throws Failure.TooLarge if they take too much memory even alone
   */
  Booking book(Classifier classifier, int views) {
    lock.lock();
    try {
      int booked = booked();
      if (booked > 0 && booked + views > maxQueue) {
        throw full(booked);
      }
      requireMemory(classifier, views);
      Lane lane = lanes.computeIfAbsent(classifier, Lane::new);
      lane.expect(views);
      return new Booking(lane, views);
    } finally {
      lock.unlock();
    }
  }

  private void requireMemory(Classifier classifier, int views) {
    long own = classifier.bytesPerView() * views;
    if (own > maxBytes) {
      throw new Failure.TooLarge(
          views + " views of " + own + " bytes > maximum " + maxBytes,
          "Send fewer pictures at a time, or fewer views of each, or raise the heap's -Xmx.");
    }
    long taken = lanes.values().stream().mapToLong(Lane::bytes).sum();
    if (taken + own > maxBytes) {
      throw new Failure.Overloaded(
          taken + " bytes of views are waiting; the maximum is " + maxBytes, backlog());
    }
  }

  /**
   * Requires room in the queue for somebody.
   *
   * @throws Failure.Overloaded if there is none
   */
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

  /** Returns how many views are booked: being made, waiting or computed. */
  int booked() {
    lock.lock();
    try {
      return lanes.values().stream().mapToInt(Lane::booked).sum();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how long the device has work for, by how long its last passes took. */
  Duration backlog() {
    lock.lock();
    try {
      return Duration.ofNanos((long) lanes.values().stream().mapToDouble(Lane::nanos).sum());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return "batcher";
  }

  /** Without the lock, which may be what hangs. */
  @Override
  public Duration silence() {
    return passing ? Duration.ofNanos(System.nanoTime() - turned) : Duration.ZERO;
  }

  /**
   * Queues a pass behind what else the torch thread has to do, such as loading the next classifier.
   */
  private void next() {
    try {
      var unused = device.executor().submit(this::pass);
    } catch (RejectedExecutionException e) {
      passing = false;
      refuseAll(new Failure.Unavailable("the service is stopping", "Try again later.", e));
    }
  }

  private void refuseAll(Failure failure) {
    turns.forEach(lane -> lane.refuse(failure));
    turns.forEach(this::tidy);
    turns.clear();
  }

  private Void pass() {
    turned = System.nanoTime();
    Lane lane;
    List<Waiting> batch;
    lock.lock();
    try {
      lane = nextLane();
      if (lane == null) {
        passing = false;
        return null;
      }
      turns.remove(lane);
      batch = lane.take(maxBatch);
      if (lane.isWaiting()) {
        turns.add(lane);
      }
    } finally {
      lock.unlock();
    }
    Runnable telling = compute(lane.classifier(), batch);
    lock.lock();
    try {
      // Before anybody hears the answer and asks again.
      lane.computed();
      tidy(lane);
      next();
    } finally {
      lock.unlock();
    }
    telling.run();
    return null;
  }

  /**
   * Returns the lane whose turn it is, once nothing more is to be waited for; null if nobody waits.
   */
  private @Nullable Lane nextLane() {
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

  /** Returns for how many nanoseconds more company is to be waited for. */
  private long worthWaiting(Lane lane) {
    boolean alone = turns.size() == 1;
    return alone && lane.hasCompanyFor(maxBatch)
        ? lane.waitingSince() + maxDelayNanos - System.nanoTime()
        : 0;
  }

  private void dropTheGone() {
    for (Lane lane : List.copyOf(turns)) {
      lane.dropGone();
      if (!lane.isWaiting()) {
        turns.remove(lane);
        tidy(lane);
      }
    }
  }

  private void tidy(Lane lane) {
    if (lane.booked() == 0) {
      lanes.remove(lane.classifier(), lane); // not one that was opened since
    }
  }

  /** Computes a pass; what is returned tells its answers. */
  private Runnable compute(Classifier classifier, List<Waiting> batch) {
    try {
      long begun = System.nanoTime();
      float[] logits = classifier.logits(batch.stream().map(Waiting::views).toList());
      Duration inference = Duration.ofNanos(System.nanoTime() - begun);
      return () -> tell(batch, logits, begun, inference);
    } catch (RuntimeException | Error e) {
      device.heard(e);
      return () -> batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
    }
  }

  private void tell(List<Waiting> batch, float[] logits, long begun, Duration inference) {
    int views = batch.stream().mapToInt(Waiting::count).sum();
    metrics.passed(inference, views);
    int from = 0;
    for (Waiting waiting : batch) {
      int to = from + logits.length / views * waiting.count();
      Duration queued = Duration.ofNanos(begun - waiting.since());
      metrics.queued(queued);
      float[] own = Arrays.copyOfRange(logits, from, to);
      waiting.answer().complete(new Answer(own, queued, inference));
      from = to;
    }
  }
}
