package dev.onecycle.run.web;

import dev.onecycle.platform.Failure;
import dev.onecycle.run.RunChanged;
import dev.onecycle.run.RunEvent;
import dev.onecycle.run.RunEvents;
import dev.onecycle.run.RunNotifier;
import dev.onecycle.run.RunProperties;
import dev.onecycle.run.Runs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/**
 * The streams by which clients follow runs. A stream is a view of the table: it reads the events
 * after the last that it sent, sends them, and sleeps until the run changes. Each client has a
 * thread of its own, its request's (a virtual one where the JVM has them), so one that does not
 * read delays nobody; their number is bounded.
 */
@Component
class EventStreams {

  private static final Limit PART = Limit.of(500);

  private final Runs runs;
  private final RunEvents events;
  private final RunNotifier notifier;
  private final RunProperties properties;
  private final Set<Semaphore> waiting = ConcurrentHashMap.newKeySet();
  private final Semaphore places;
  private volatile boolean closing;

  EventStreams(Runs runs, RunEvents events, RunNotifier notifier, RunProperties properties) {
    this.runs = runs;
    this.events = events;
    this.notifier = notifier;
    this.properties = properties;
    this.places = new Semaphore(properties.maxStreams());
  }

  /**
   * Sends a run's events numbered above {@code after}: until the last event of a run that ended, or
   * only those that are there.
   *
   * @throws Failure.Overloaded if as many clients as allowed are following
   * @throws IOException if the client is gone
   */
  void send(UUID run, long after, boolean follow, EventFormat format, OutputStream out)
      throws IOException, InterruptedException {
    if (!places.tryAcquire()) {
      throw new Failure.Overloaded(
          "%d clients follow events, which is the limit (onecycle.run.max-streams)"
              .formatted(properties.maxStreams()),
          Duration.ofSeconds(10));
    }
    Semaphore changed = new Semaphore(0);
    waiting.add(changed);
    RunNotifier.Subscription changes = notifier.subscribe(run, change -> changed.release());
    try {
      long sent = after;
      out.write(format.beginning());
      while (!closing) {
        List<RunChanged> standing = runs.standing(Set.of(run));
        sent = send(run, sent, format, out);
        if (!follow || standing.isEmpty() || isOver(standing.get(0), sent)) {
          return;
        }
        if (!changed.tryAcquire(properties.keepAlive().toMillis(), TimeUnit.MILLISECONDS)) {
          write(format.keepAlive(), out);
        }
        changed.drainPermits();
      }
    } finally {
      changes.close();
      waiting.remove(changed);
      places.release();
    }
  }

  private long send(UUID run, long after, EventFormat format, OutputStream out) throws IOException {
    long sent = after;
    List<RunEvent> part;
    do {
      part = events.after(run, sent, PART);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (RunEvent event : part) {
        bytes.writeBytes(format.event(event));
        sent = event.seq();
      }
      write(bytes.toByteArray(), out);
    } while (part.size() == PART.max());
    return sent;
  }

  private static boolean isOver(RunChanged standing, long sent) {
    return standing.state().ended() && sent >= standing.lastEvent();
  }

  private static void write(byte[] bytes, OutputStream out) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Ends every stream, so that the service need not wait for clients that would never leave. */
  @EventListener(ContextClosedEvent.class)
  void close() {
    closing = true;
    waiting.forEach(Semaphore::release);
  }
}
