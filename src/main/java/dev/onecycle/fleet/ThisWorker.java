package dev.onecycle.fleet;

import dev.onecycle.platform.Database;
import dev.onecycle.platform.Ids;
import dev.onecycle.torch.Device;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * This process among the workers: it writes its row, leases its devices and obeys when it is told
 * to drain. A process that was silent for too long finds its devices with others, and takes what is
 * free at each heartbeat.
 */
@Component
public class ThisWorker {

  private static final Logger log = LoggerFactory.getLogger(ThisWorker.class);

  /** Rows of workers that were lost longer ago are of no use to anybody. */
  private static final Duration REMEMBERED = Duration.ofHours(1);

  private final UUID id;
  private final Host host;
  private final int slots;
  private final Workers workers;
  private final DeviceLeases leases;
  private final Fleet fleet;
  private final TransactionTemplate transactions;
  private final Clock clock;
  private volatile boolean enlisted;
  private volatile boolean retired;
  private @Nullable String notice;

  ThisWorker(
      Host host,
      WorkerProperties properties,
      Workers workers,
      DeviceLeases leases,
      Fleet fleet,
      PlatformTransactionManager transactions,
      Ids ids,
      Clock clock) {
    this.id = ids.next();
    this.host = host;
    this.slots = properties.slotsOn(host);
    this.workers = workers;
    this.leases = leases;
    this.fleet = fleet;
    this.transactions = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  UUID id() {
    return id;
  }

  /** What it is called, in its row and in its runs. */
  public String name() {
    return host.worker();
  }

  /** Joins the workers. On a database of its own all others were this process's ancestors. */
  public void enlist(Database database) {
    if (!database.shared()) {
      fleet.forgetAll();
    }
    enlisted = true;
  }

  /**
   * Shows that this process is alive and leases what devices it can.
   *
   * @return the devices to work on, one entry per slot; empty where others have them all
   */
  public List<Device> beat() {
    write(worker -> worker.beat(clock.instant()));
    transactions.executeWithoutResult(status -> workers.forget(clock.instant().minus(REMEMBERED)));
    List<WorkerDevice> devices = lease();
    List<Device> turns = turns(devices);
    String missing = devices.size() < wanted() ? missing(devices) : null;
    if (!Objects.equals(missing, notice)) {
      log.warn("{}", missing == null ? "all devices are here now: " + devices : missing);
      notice = missing;
    }
    write(worker -> worker.equip(devices, turns.size(), missing));
    return turns;
  }

  /** Takes no more runs from now on, whatever its row says. */
  public void retire() {
    retired = true;
  }

  public boolean hasRetired() {
    return retired;
  }

  /** Returns whether it has not retired and nobody told it to take no more runs. */
  public boolean takesRuns() {
    return !retired && !workers.draining(id).orElse(false);
  }

  /** Leaves the workers; its devices are free at once. Without a database they are so later. */
  @PreDestroy
  void leave() {
    if (!enlisted) {
      return;
    }
    try {
      transactions.executeWithoutResult(status -> workers.remove(id));
    } catch (RuntimeException e) {
      log.warn("the row of this worker stays until others forget it: {}", e.toString());
    }
  }

  /** Changes its row, which is made anew where it was taken for long dead. */
  private void write(Consumer<Worker> change) {
    transactions.executeWithoutResult(
        status -> {
          Worker worker = workers.findById(id).orElseGet(() -> workers.save(row(clock.instant())));
          change.accept(worker);
        });
  }

  private Worker row(Instant now) {
    return new Worker(id, host.worker(), host.name(), host.process(), now);
  }

  private int wanted() {
    return Math.min(slots, host.devices().size());
  }

  private List<WorkerDevice> lease() {
    List<String> leased = leases.lease(id, exclusive(), wanted(), fleet.dead());
    return host.devices().stream()
        .filter(device -> key(device) == null || leased.contains(key(device)))
        .limit(wanted())
        .toList();
  }

  private List<String> exclusive() {
    return host.devices().stream().map(this::key).filter(Objects::nonNull).toList();
  }

  private @Nullable String key(WorkerDevice device) {
    return device.leaseOn(host.name());
  }

  /**
   * Has the slots go round all devices that it wants; those of devices that others have stand
   * still.
   */
  private List<Device> turns(List<WorkerDevice> devices) {
    return IntStream.range(0, slots)
        .map(slot -> slot % wanted())
        .filter(turn -> turn < devices.size())
        .mapToObj(turn -> devices.get(turn).toDevice())
        .toList();
  }

  private String missing(List<WorkerDevice> devices) {
    return "it works on %d of %d devices, because others lease the rest (%s); it tries again at each heartbeat"
        .formatted(devices.size(), wanted(), String.join(", ", leases.others(id, exclusive())));
  }
}
