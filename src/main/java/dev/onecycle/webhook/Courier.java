package dev.onecycle.webhook;

import dev.onecycle.platform.Outage;
import dev.onecycle.store.download.Connections;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one who tells a receiver, one message after the other, in a thread of the executor's. */
final class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  /** More than a message may take in all; each of its silences is shorter. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final String DELIVERED = "delivered";
  private static final String FAILED = "failed";
  private static final String DEAD = "dead";

  /** Counted from the start: Prometheus sees no increase in a series that begins at one. */
  private static final List<String> OUTCOMES = List.of(DELIVERED, FAILED, DEAD);

  private final Webhook hook;
  private final Deliveries deliveries;
  private final Connections connections;
  private final int maxAttempts;
  private final MeterRegistry meters;
  private final Clock clock;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable Sending now;
  private volatile boolean stopped;

  private record Sending(WebhookPost post, long begun) {}

  Courier(
      Webhook hook,
      Deliveries deliveries,
      Connections connections,
      int maxAttempts,
      MeterRegistry meters,
      Clock clock) {
    this.hook = hook;
    this.deliveries = deliveries;
    this.connections = connections;
    this.maxAttempts = maxAttempts;
    this.meters = meters;
    this.clock = clock;
    OUTCOMES.forEach(this::counter);
  }

  /** Sets out unless it is on its way; a message that takes too long is given up. */
  void look(Executor threads) {
    Sending sending = now;
    if (sending != null && System.nanoTime() - sending.begun > LONGEST.toNanos()) {
      sending.post.abandon();
    }
    if (!stopped && busy.compareAndSet(false, true)) {
      threads.execute(this::turn);
    }
  }

  /** Ends after the message that is on its way, which fails. */
  void stop() {
    stopped = true;
    Sending sending = now;
    if (sending != null) {
      sending.post.abandon();
    }
  }

  private void turn() {
    try {
      for (Delivery due : deliveries.due(hook)) {
        if (stopped) {
          return;
        }
        if (deliveries.claim(hook, due)) {
          tell(due.claimed());
        }
      }
    } catch (RuntimeException e) {
      if (Outage.caused(e)) {
        log.debug("the database does not say what webhook {} is to be told", hook, e);
      } else {
        log.error("webhook {} was not told", hook, e);
      }
    } finally {
      busy.set(false);
    }
  }

  private void tell(Delivery claimed) {
    String problem = send(claimed);
    if (problem == null) {
      deliveries.done(hook, claimed);
      counter(DELIVERED).increment();
    } else if (claimed.attempts() < maxAttempts) {
      deliveries.again(hook, claimed);
      counter(FAILED).increment();
      log.warn(
          "webhook {} did not take {} ({}), attempt {} of {}: {}",
          hook,
          claimed.message(),
          claimed.type(),
          claimed.attempts(),
          maxAttempts,
          problem);
    } else {
      deliveries.bury(hook, claimed);
      counter(DEAD).increment();
      log.error(
          "webhook {} did not take {} ({}) in {} attempts and will not be told: {}",
          hook,
          claimed.message(),
          claimed.type(),
          maxAttempts,
          problem);
    }
  }

  private @Nullable String send(Delivery claimed) {
    try {
      WebhookPost post = new WebhookPost(hook, claimed, clock.instant(), connections);
      now = new Sending(post, System.nanoTime());
      return post.send();
    } catch (IOException | RuntimeException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    } finally {
      now = null;
    }
  }

  private Counter counter(String outcome) {
    return meters.counter("onecycle.webhook.attempts", "hook", hook.name(), "outcome", outcome);
  }
}
