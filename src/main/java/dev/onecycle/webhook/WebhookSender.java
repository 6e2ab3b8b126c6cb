package dev.onecycle.webhook;

import dev.onecycle.platform.Database;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Outage;
import dev.onecycle.store.download.Connections;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * The loop that has receivers told what happened, in every process that answers requests: at least
 * once each, and in the order of its changes what is about the same run, model or worker. A slow
 * receiver delays no other.
 */
@Component
class WebhookSender {

  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  /** Longer than any event is tried. */
  private static final Duration REMEMBERED = Duration.ofDays(14);

  private final Deliveries deliveries;
  private final WebhookProperties properties;
  private final Clock clock;
  private final boolean sends;
  private final List<Courier> couriers;
  private final ExecutorService threads;

  WebhookSender(
      Deliveries deliveries,
      WebhookProperties properties,
      OnecycleProperties onecycle,
      Database database,
      MeterRegistry meters,
      Clock clock) {
    this.deliveries = deliveries;
    this.properties = properties;
    this.clock = clock;
    // On a database of its own nothing happens that is told to nobody.
    this.sends = onecycle.role().serves() && (database.shared() || !properties.hooks().isEmpty());
    Connections connections =
        properties.privateHosts() ? Connections.anywhere() : Connections.toPublic();
    this.couriers =
        properties.hooks().stream()
            .map(
                hook ->
                    new Courier(
                        hook, deliveries, connections, properties.maxAttempts(), meters, clock))
            .toList();
    this.threads = Executors.newFixedThreadPool(Math.max(1, couriers.size()), named());
    if (sends && !database.shared()) {
      deliveries.hurry();
    }
    if (onecycle.role().serves()) {
      gauge("waiting", false, meters);
      gauge("dead", true, meters);
    }
  }

  private void gauge(String state, boolean dead, MeterRegistry meters) {
    Gauge.builder("onecycle.webhook.deliveries", deliveries, all -> all.count(dead))
        .description("events that receivers are still to be told, or were given up")
        .tag("state", state)
        .register(meters);
  }

  private static ThreadFactory named() {
    AtomicInteger number = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "webhook-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Has everybody told what is due. */
  @Scheduled(fixedDelay = 500, timeUnit = TimeUnit.MILLISECONDS)
  void look() {
    if (!sends) {
      return;
    }
    try {
      deliveries.spread(properties.hooks());
    } catch (RuntimeException e) {
      if (!Outage.caused(e)) {
        throw e;
      }
      log.debug("the database does not say what happened", e);
    }
    couriers.forEach(courier -> courier.look(threads));
  }

  /** Forgets what was given up, and what receivers that are gone from the settings were to hear. */
  @Scheduled(initialDelay = 10, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void forget() {
    if (sends) {
      int forgotten = deliveries.forgetBefore(clock.instant().minus(REMEMBERED));
      if (forgotten > 0) {
        log.warn("{} events that webhooks were not told are {} old", forgotten, REMEMBERED);
      }
    }
  }

  /** Waits instead of interrupting: an interrupted write makes H2 close its database. */
  @PreDestroy
  void stop() throws InterruptedException {
    couriers.forEach(Courier::stop);
    threads.shutdown();
    if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
      log.warn("a webhook is still being told; it is told again at the next start");
    }
  }
}
