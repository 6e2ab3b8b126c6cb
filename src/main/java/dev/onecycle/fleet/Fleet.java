package dev.onecycle.fleet;

import dev.onecycle.platform.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** All workers of all hosts, as their rows say. */
@Component
public class Fleet {

  /** As db-scheduler's {@code missed-heartbeats-limit}: a worker and its runs are lost together. */
  private static final int MISSED_BEATS = 4;

  private final Workers workers;
  private final WorkerProperties properties;
  private final Clock clock;
  private final ApplicationEventPublisher publisher;

  Fleet(
      Workers workers,
      WorkerProperties properties,
      Clock clock,
      ApplicationEventPublisher publisher) {
    this.workers = workers;
    this.properties = properties;
    this.clock = clock;
    this.publisher = publisher;
  }

  /**
   * Returns workers whose id is less than {@code before}, newest first; the lost ones for an hour.
   */
  public List<Worker> before(UUID before, Limit limit) {
    return workers.findByIdLessThanOrderByIdDesc(before, limit);
  }

  /** Returns whether its heartbeat was seen lately. */
  public boolean lives(Worker worker) {
    return worker.lastHeartbeat().isAfter(dead());
  }

  /**
   * Tells a worker, wherever it is, to take no more runs, or to take them again. Those that it
   * works on are not touched, and one that it claims at this very moment is still its own.
   *
   * @throws Failure.NotFound if there is no such worker
   */
  @Transactional
  public Worker drain(UUID id, boolean draining) {
    Worker worker = workers.required(id);
    worker.drain(draining);
    return worker;
  }

  /** Notes who is lost since the last time; of several processes that look, one notes it. */
  @Transactional
  @Scheduled(initialDelay = 1, fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
  public void look() {
    lose(dead());
  }

  /**
   * Notes all workers as lost and forgets them: on a database of its own, those of a process that
   * just begins are its ancestors.
   */
  @Transactional
  public void forgetAll() {
    Instant now = clock.instant();
    lose(now);
    workers.forget(now);
  }

  private void lose(Instant before) {
    for (Worker worker : workers.findByLostAtIsNullAndLastHeartbeatBefore(before)) {
      if (workers.lose(worker.id(), clock.instant(), before) == 1) {
        publisher.publishEvent(WorkerLost.of(worker));
      }
    }
  }

  /** Returns how many runs the living workers that take any work on at once, all together. */
  public int slots() {
    return workers.findByLastHeartbeatAfterOrderByIdDesc(dead()).stream()
        .filter(worker -> !worker.draining())
        .mapToInt(Worker::slots)
        .sum();
  }

  /** Returns the time since when a living worker's heartbeat has been seen. */
  Instant dead() {
    return clock.instant().minus(properties.heartbeat().multipliedBy(MISSED_BEATS));
  }

  /**
   * Returns whether a run would be faster in bfloat16, by the youngest living worker; false without
   * any.
   */
  public boolean prefersBfloat16() {
    return device().map(WorkerDevice::fastBfloat16).orElse(false);
  }

  /** Returns whether a run would be slower in bfloat16; false without any living worker. */
  public boolean emulatesBfloat16() {
    return device().map(device -> !device.fastBfloat16()).orElse(false);
  }

  private Optional<WorkerDevice> device() {
    return workers.findByLastHeartbeatAfterOrderByIdDesc(dead()).stream()
        .flatMap(worker -> worker.devices().stream())
        .findFirst();
  }
}
