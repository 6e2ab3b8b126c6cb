package dev.onecycle.run;

import static dev.onecycle.run.RunState.CANCELLED;
import static dev.onecycle.run.RunState.CANCELLING;
import static dev.onecycle.run.RunState.FAILED;
import static dev.onecycle.run.RunState.PAUSED;
import static dev.onecycle.run.RunState.PAUSING;
import static dev.onecycle.run.RunState.QUEUED;
import static dev.onecycle.run.RunState.RUNNING;
import static dev.onecycle.run.RunState.SUCCEEDED;

import dev.onecycle.platform.Failure;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;

/**
 * A run: what was asked for, where it is, what became of it.
 *
 * <p>Every change of state is a method that answers the transition it made, or throws {@link
 * Failure.Conflict} naming the state and changes nothing. {@code attempt} counts the starts and is
 * the fencing token: a worker's writes count only while its attempt is the run's.
 */
@Entity
@DynamicUpdate
public class Run {

  @Id
  @GeneratedValue
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private UUID id;

  @Embedded private RunSpec spec;

  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(name = "run_tag", joinColumns = @JoinColumn(name = "run_id"))
  @Column(name = "tag")
  @BatchSize(size = 100)
  private Set<String> tags;

  @Enumerated(EnumType.STRING)
  private RunState state;

  private int attempt;
  private int losses;
  private int maxAttempts;
  private String worker;
  private String device;
  private Instant createdAt;
  private Instant startedAt;
  private Instant endedAt;
  private long lastEvent;

  @JdbcTypeCode(SqlTypes.JSON)
  private List<String> warnings;

  private UUID checkpointId;

  @SuppressWarnings("unused") // queries sort by it
  private Double bestAccuracy;

  private String workload;
  private Double ttaAccuracy;

  @JdbcTypeCode(SqlTypes.JSON)
  private Progress progress;

  @JdbcTypeCode(SqlTypes.JSON)
  private EpochRecord bestEpoch;

  @JdbcTypeCode(SqlTypes.JSON)
  private EpochRecord lastEpoch;

  @JdbcTypeCode(SqlTypes.JSON)
  private RunFailure failure;

  @JdbcTypeCode(SqlTypes.JSON)
  private ResumePoint resumePoint;

  @JdbcTypeCode(SqlTypes.JSON)
  private ResumedFrom resumedFrom;

  @ElementCollection
  @CollectionTable(name = "run_transition", joinColumns = @JoinColumn(name = "run_id"))
  @OrderColumn(name = "position")
  private List<Transition> transitions = new ArrayList<>();

  /** For Hibernate. */
  protected Run() {}

  /** A run that waits for a worker. */
  Run(RunSpec spec, Set<String> tags, List<String> warnings, int maxAttempts, Instant now) {
    this.spec = spec;
    this.warnings = List.copyOf(warnings);
    this.tags = new TreeSet<>(tags);
    this.maxAttempts = maxAttempts;
    this.createdAt = now;
    to(QUEUED, now, null);
  }

  /** A worker takes it: the next attempt begins, from the run's resume point or from nothing. */
  Transition start(String worker, Instant now) {
    if (state != QUEUED) {
      throw refused("start");
    }
    attempt++;
    this.worker = worker;
    startedAt = now;
    goBack(resumePoint, now);
    return to(RUNNING, now, null);
  }

  /**
   * What came after that point does not count any more, and all of it where it is null: it will
   * come again. The epochs before it are to be told anew.
   */
  void goBack(ResumePoint point, Instant now) {
    resumePoint = point;
    resumedFrom = ResumedFrom.of(point, now);
    progress = null;
    best(null);
    lastEpoch = null;
    ttaAccuracy = null;
  }

  /** From now on the next attempt begins there. */
  void resumePoint(ResumePoint point) {
    resumePoint = point;
  }

  /** Somebody wants it to end; empty if that is under way or done. */
  Optional<Transition> cancel(Instant now) {
    return switch (state) {
      case QUEUED -> Optional.of(to(CANCELLED, now, "cancelled while queued"));
      case PAUSED -> Optional.of(to(CANCELLED, now, "cancelled while paused"));
      case RUNNING, PAUSING -> Optional.of(to(CANCELLING, now, null));
      case CANCELLING, CANCELLED -> Optional.empty();
      case SUCCEEDED, FAILED -> throw refused("cancel");
    };
  }

  /** Somebody wants it to wait; empty if that is under way or done. */
  Optional<Transition> pause(Instant now) {
    return switch (state) {
      case QUEUED -> Optional.of(to(PAUSED, now, null));
      case RUNNING -> Optional.of(to(PAUSING, now, null));
      case PAUSING, PAUSED -> Optional.empty();
      case CANCELLING, CANCELLED, SUCCEEDED, FAILED -> throw refused("pause");
    };
  }

  /** Somebody wants it to go on; empty if it does. */
  Optional<Transition> resume(Instant now) {
    return switch (state) {
      case PAUSED -> Optional.of(to(QUEUED, now, "resumed"));
      case QUEUED, RUNNING -> Optional.empty();
      case PAUSING, CANCELLING, CANCELLED, SUCCEEDED, FAILED -> throw refused("resume");
    };
  }

  /** Its work is complete. */
  Transition succeed(Instant now) {
    requireHeld("complete");
    return to(SUCCEEDED, now, null);
  }

  /** Its work failed; while it was being cancelled the failure is but a reason. */
  Transition fail(RunFailure failure, Instant now) {
    requireHeld("fail");
    if (state == CANCELLING) {
      return to(CANCELLED, now, failure.message());
    }
    this.failure = failure;
    return to(FAILED, now, failure.message());
  }

  /** Its worker stopped between two steps, because it was asked to or shuts down. */
  Transition stop(Instant now) {
    requireHeld("stop");
    return switch (state) {
      case PAUSING -> to(PAUSED, now, null);
      case CANCELLING -> to(CANCELLED, now, null);
      default -> to(QUEUED, now, "its worker stopped");
    };
  }

  /** Its worker is gone, or the worker's device; the run is tried again, but not for ever. */
  Transition lose(String reason, Instant now) {
    requireHeld("lose the worker of");
    losses++;
    return switch (state) {
      case PAUSING -> to(PAUSED, now, reason);
      case CANCELLING -> to(CANCELLED, now, reason);
      default ->
          losses < maxAttempts
              ? to(QUEUED, now, reason)
              : fail(RunFailure.lostWorker(reason, losses), now);
    };
  }

  void progress(StepRecord step, Instant now) {
    long before = resumedFrom == null ? 0 : resumedFrom.step();
    Instant since = resumedFrom == null ? startedAt : resumedFrom.at();
    progress = Progress.of(step, before, Duration.between(since, now));
  }

  void completed(EpochRecord epoch) {
    lastEpoch = epoch;
    if (bestEpoch == null || epoch.isBetterThan(bestEpoch)) {
      best(epoch);
    }
  }

  /** INVARIANT: the two change together; the database sorts by the number. */
  private void best(EpochRecord epoch) {
    bestEpoch = epoch;
    bestAccuracy = epoch == null ? null : epoch.accuracy();
  }

  /** Says what its time depends on, in the words of {@link Workload}; null where nobody can. */
  void workload(String words) {
    workload = words;
  }

  /** Gives it another name, tags and priority; the last only while it is queued. */
  void edit(String name, Set<String> tags, int priority) {
    if (priority != spec.priority() && state != QUEUED) {
      throw refused("change the priority of");
    }
    spec = spec.called(name, priority);
    if (!this.tags.equals(tags)) {
      this.tags.clear();
      this.tags.addAll(tags);
    }
  }

  void device(String name) {
    device = name;
  }

  void ttaAccuracy(double accuracy) {
    ttaAccuracy = accuracy;
  }

  void checkpoint(UUID checkpoint) {
    checkpointId = checkpoint;
  }

  /** The number of the next event, from 1 without gaps. INVARIANT: called under the row's lock. */
  long nextEvent() {
    return ++lastEvent;
  }

  private void requireHeld(String action) {
    if (!state.held()) {
      throw refused(action);
    }
  }

  private Failure.Conflict refused(String action) {
    return new Failure.Conflict("cannot " + action + " run " + id + ": it is " + state, null);
  }

  private Transition to(RunState next, Instant now, String reason) {
    Transition made = new Transition(next, now, RunFailure.cut(reason), worker, attempt);
    state = next;
    transitions.add(made);
    if (next.ended()) {
      endedAt = now;
      resumePoint = null;
    }
    if (!next.held()) {
      worker = null;
    }
    return made;
  }

  public UUID id() {
    return id;
  }

  public RunSpec spec() {
    return spec;
  }

  public Set<String> tags() {
    return tags;
  }

  public RunState state() {
    return state;
  }

  public int attempt() {
    return attempt;
  }

  public int maxAttempts() {
    return maxAttempts;
  }

  /** Who holds it, or null. */
  public String worker() {
    return worker;
  }

  public String device() {
    return device;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public Instant endedAt() {
    return endedAt;
  }

  public long lastEvent() {
    return lastEvent;
  }

  /** What was doubtful when it was submitted. */
  public List<String> warnings() {
    return warnings == null ? List.of() : warnings;
  }

  /** The checkpoint of the best epoch so far, or null. */
  public UUID checkpointId() {
    return checkpointId;
  }

  /** How far it is; null before the first step. */
  public Progress progress() {
    return progress;
  }

  /** The most accurate epoch, of equals that with the lowest loss; null before the first. */
  public EpochRecord bestEpoch() {
    return bestEpoch;
  }

  public EpochRecord lastEpoch() {
    return lastEpoch;
  }

  /** What its time depends on, in the words of {@link Workload}; null where nobody can say. */
  String workload() {
    return workload;
  }

  /** Of the best epoch's weights with test-time augmentation, 0 to 1; null if not asked for. */
  public Double ttaAccuracy() {
    return ttaAccuracy;
  }

  /** What its next attempt begins from; null where that is nothing. */
  public ResumePoint resumePoint() {
    return resumePoint;
  }

  /** What its attempt began from; null where that was nothing. */
  public ResumedFrom resumedFrom() {
    return resumedFrom;
  }

  /** Why it is FAILED, else null. */
  public RunFailure failure() {
    return failure;
  }

  /** Every state it was in, in order. Load it with {@link Runs#withTransitions}. */
  public List<Transition> transitions() {
    return transitions;
  }
}
