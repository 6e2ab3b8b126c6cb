package dev.onecycle.fleet;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A process that works on runs, as it last wrote of itself. Only {@code draining} is others' to
 * write, which is why an update touches what changed and nothing else.
 */
@Entity
@DynamicUpdate
public class Worker {

  private static final int LONGEST_NOTICE = 1000;

  @Id private UUID id;
  private String name;
  private String host;
  private long process;

  @JdbcTypeCode(SqlTypes.JSON)
  private List<WorkerDevice> devices;

  private int slots;
  private @Nullable String notice;
  private boolean draining;
  private Instant startedAt;
  private Instant lastHeartbeat;

  @SuppressWarnings("unused") // queries look at it
  private @Nullable Instant lostAt;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected Worker() {}

  /** Makes a worker that has no device yet. */
  Worker(UUID id, String name, String host, long process, Instant now) {
    this.id = id;
    this.name = name;
    this.host = host;
    this.process = process;
    this.devices = List.of();
    this.startedAt = now;
    this.lastHeartbeat = now;
  }

  void beat(Instant now) {
    lastHeartbeat = now;
    lostAt = null;
  }

  /** Sets what it works with from now on; {@code notice} says what is missing. */
  void equip(List<WorkerDevice> devices, int slots, @Nullable String notice) {
    if (!devices().equals(devices)) {
      this.devices = List.copyOf(devices);
    }
    this.slots = slots;
    this.notice =
        notice == null ? null : notice.substring(0, Math.min(notice.length(), LONGEST_NOTICE));
  }

  void drain(boolean draining) {
    this.draining = draining;
  }

  public UUID id() {
    return id;
  }

  /** Returns how runs call it: {@code host:process}. */
  public String name() {
    return name;
  }

  public String host() {
    return host;
  }

  /** Returns its number on the host. */
  public long process() {
    return process;
  }

  /** Returns the devices that it works on now. */
  public List<WorkerDevice> devices() {
    return devices == null ? List.of() : devices;
  }

  /** Returns how many runs it works on at the same time. */
  public int slots() {
    return slots;
  }

  /** Returns what it lacks and what it does about it. */
  public @Nullable String notice() {
    return notice;
  }

  /** Returns whether it takes no more runs. */
  public boolean draining() {
    return draining;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public Instant lastHeartbeat() {
    return lastHeartbeat;
  }
}
