package dev.onecycle.platform;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The watch over the loops of this process: a metric says for how long each has not turned, and the
 * process is out of service once one hangs. It looks when it is asked and has no thread of its own
 * that could hang with them.
 */
@Component
class Loops implements CompositeHealthContributor {

  private final List<Loop> ofRooms;
  private final ScheduledLoops scheduled;
  private final Duration maxSilence;
  private final MeterRegistry meters;
  private volatile List<Loop> all = List.of();

  Loops(
      List<Loop> ofRooms,
      ScheduledLoops scheduled,
      LoopProperties properties,
      MeterRegistry meters) {
    this.ofRooms = List.copyOf(ofRooms);
    this.scheduled = scheduled;
    this.maxSilence = properties.maxSilence();
    this.meters = meters;
  }

  /** Begins once all that Spring calls again and again is known. */
  @EventListener(ApplicationReadyEvent.class)
  void begin() {
    all = Stream.concat(ofRooms.stream(), scheduled.all().stream()).toList();
    for (Loop loop : all) {
      Gauge.builder("onecycle.loop.silence", loop, each -> each.silence().toNanos() / 1e9)
          .description("for how long a loop of this process has not turned; 0 with nothing to do")
          .baseUnit("seconds")
          .tag("loop", loop.name())
          .register(meters);
    }
  }

  private Health health(Loop loop) {
    boolean hangs = loop.silence().minus(loop.rhythm()).compareTo(maxSilence) > 0;
    return (hangs ? Health.outOfService() : Health.up())
        .withDetail("silentSeconds", loop.silence().toSeconds())
        .build();
  }

  private HealthIndicator indicator(Loop loop) {
    return () -> health(loop);
  }

  @Override
  public @Nullable HealthContributor getContributor(String name) {
    return all.stream()
        .filter(loop -> loop.name().equals(name))
        .findFirst()
        .map(this::indicator)
        .orElse(null);
  }

  @Override
  public Stream<Entry> stream() {
    return all.stream().map(loop -> new Entry(loop.name(), indicator(loop)));
  }
}
