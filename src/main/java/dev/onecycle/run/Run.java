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
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.Progress;
import dev.onecycle.run.history.StepRecord;
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
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.UuidGenerator;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

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

  /** What a tag looks like, as a regular expression. */
  public static final String TAG = "^[^\\x00-\\x1F\\x7F]{1,80}$";

  /** The same in words. */
  public static final String TAG_RULE = "must be a line of 1 to 80 characters";

  @Id
  @GeneratedValue
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private UUID id;

  @Embedded private RunSpec spec;

  @Formula("(select d.version from dataset d where d.id = dataset_id)")
  private @Nullable Integer datasetVersion;

  @JdbcTypeCode(SqlTypes.JSON)
  @Column(name = "recipe")
  private String asked;

  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(name = "run_tag", joinColumns = @JoinColumn(name = "run_id"))
  @Column(name = "tag")
  @BatchSize(size = 100)
  private Set<String> tags;

  @Enumerated(EnumType.STRING)
  private Pool pool;

  @Enumerated(EnumType.STRING)
  private RunState state;

  private int attempt;
  private int losses;
  private int maxAttempts;
  private @Nullable String worker;
  private @Nullable String device;
  private Instant createdAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private long lastEvent;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable List<String> warnings;

  private @Nullable UUID checkpointId;

  @SuppressWarnings("unused") // queries sort by it
  private @Nullable Double bestAccuracy;

  private @Nullable String workload;
  private @Nullable Double ttaAccuracy;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable Progress progress;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable EpochRecord bestEpoch;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable EpochRecord lastEpoch;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable RunFailure failure;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable ResumePoint resumePoint;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable ResumedFrom resumedFrom;

  @ElementCollection
  @CollectionTable(name = "run_transition", joinColumns = @JoinColumn(name = "run_id"))
  @OrderColumn(name = "position")
  private List<Transition> transitions = new ArrayList<>();

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected Run() {}

  /**
   * Makes a run that waits for a worker.
   *
   * @param asked what its kind of work is asked for, as JSON
   * @param pool whose slots it is worked on in
   * @param warnings what is doubtful about it
   */
  Run(
      RunSpec spec,
      String asked,
      Pool pool,
      Set<String> tags,
      List<String> warnings,
      int maxAttempts,
      Instant now) {
    this.spec = spec;
    this.asked = asked;
    this.pool = pool;
    this.warnings = List.copyOf(warnings);
    this.tags = new TreeSet<>(tags);
    this.maxAttempts = maxAttempts;
    this.createdAt = now;
    to(QUEUED, now, null);
  }

  /**
   * Lets a worker take it: the next attempt begins, from the run's resume point or from nothing.
   */
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
   * Forgets what came after that point, and all of it where it is null: it will come again. The
   * epochs before it are to be told anew.
   */
  void goBack(@Nullable ResumePoint point, Instant now) {
    resumePoint = point;
    resumedFrom = ResumedFrom.of(point, now);
    progress = null;
    best(null);
    lastEpoch = null;
    ttaAccuracy = null;
  }

  /** Lets the next attempt begin there. */
  void resumePoint(ResumePoint point) {
    resumePoint = point;
  }

  /** Asks it to end; empty if that is under way or done. */
  Optional<Transition> cancel(Instant now) {
    return switch (state) {
      case QUEUED -> Optional.of(to(CANCELLED, now, "cancelled while queued"));
      case PAUSED -> Optional.of(to(CANCELLED, now, "cancelled while paused"));
      case RUNNING, PAUSING -> Optional.of(to(CANCELLING, now, null));
      case CANCELLING, CANCELLED -> Optional.empty();
      case SUCCEEDED, FAILED -> throw refused("cancel");
    };
  }

  /** Asks it to wait; empty if that is under way or done. */
  Optional<Transition> pause(Instant now) {
    return switch (state) {
      case QUEUED -> Optional.of(to(PAUSED, now, null));
      case RUNNING -> Optional.of(to(PAUSING, now, null));
      case PAUSING, PAUSED -> Optional.empty();
      case CANCELLING, CANCELLED, SUCCEEDED, FAILED -> throw refused("pause");
    };
  }

  /** Asks it to go on; empty if it does. */
  Optional<Transition> resume(Instant now) {
    return switch (state) {
      case PAUSED -> Optional.of(to(QUEUED, now, "resumed"));
      case QUEUED, RUNNING -> Optional.empty();
      case PAUSING, CANCELLING, CANCELLED, SUCCEEDED, FAILED -> throw refused("resume");
    };
  }

  /** Ends it: its work is complete. */
  Transition succeed(Instant now) {
    requireHeld("complete");
    return to(SUCCEEDED, now, null);
  }

  /** Ends it: its work failed; while it was being cancelled the failure is but a reason. */
  Transition fail(RunFailure failure, Instant now) {
    requireHeld("fail");
    if (state == CANCELLING) {
      return to(CANCELLED, now, failure.message());
    }
    this.failure = failure;
    return to(FAILED, now, failure.message());
  }

  /**
   * Takes it from a worker that stopped between two steps, because it was asked to or shuts down.
   */
  Transition stop(Instant now) {
    requireHeld("stop");
    return switch (state) {
      case PAUSING -> to(PAUSED, now, null);
      case CANCELLING -> to(CANCELLED, now, null);
      default -> to(QUEUED, now, "its worker stopped");
    };
  }

  /**
   * Takes it from a worker that is gone, or whose device is; it is tried again, but not for ever.
   */
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
    if (epoch.isBetterThan(bestEpoch)) {
      best(epoch);
    }
  }

  /** Sets both. INVARIANT: they change together; the database sorts by the number. */
  private void best(@Nullable EpochRecord epoch) {
    bestEpoch = epoch;
    bestAccuracy = epoch == null ? null : epoch.accuracy();
  }

  /** Says what its time depends on, in the words of {@link Workload}; null where nobody can. */
  void workload(@Nullable String words) {
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

  void checkpoint(@Nullable UUID checkpoint) {
    checkpointId = checkpoint;
  }

  /**
   * Returns the number of the next event, from 1 without gaps. INVARIANT: called under the row's
   * lock.
   */
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

  private Transition to(RunState next, Instant now, @Nullable String reason) {
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

  /** Returns which version of its pictures' labels its dataset is; null without a dataset. */
  public @Nullable Integer datasetVersion() {
    return datasetVersion;
  }

  /** Returns whose slots it is worked on in. */
  public Pool pool() {
    return pool;
  }

  /** Returns what its kind of work was asked for, as JSON; {@link RunWorks} reads it. */
  public String asked() {
    return asked;
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

  /** Returns who holds it, or null. */
  public @Nullable String worker() {
    return worker;
  }

  public @Nullable String device() {
    return device;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public long lastEvent() {
    return lastEvent;
  }

  /** Returns what was doubtful when it was submitted. */
  public List<String> warnings() {
    return warnings == null ? List.of() : warnings;
  }

  /** Returns the checkpoint of the best epoch so far, or null. */
  public @Nullable UUID checkpointId() {
    return checkpointId;
  }

  /** Returns how far it is; null before the first step. */
  public @Nullable Progress progress() {
    return progress;
  }

  /**
   * Returns the most accurate epoch, of equals that with the lowest loss; null before the first
   * that was validated.
   */
  public @Nullable EpochRecord bestEpoch() {
    return bestEpoch;
  }

  /** Returns that epoch's accuracy, 0 to 1. */
  public @Nullable Double bestAccuracy() {
    return bestAccuracy;
  }

  public @Nullable EpochRecord lastEpoch() {
    return lastEpoch;
  }

  /**
   * Returns what its time depends on, in the words of {@link Workload}; null where nobody can say.
   */
  public @Nullable String workload() {
    return workload;
  }

  /**
   * Returns the accuracy of the best epoch's weights with test-time augmentation, 0 to 1; null if
   * not asked for.
   */
  public @Nullable Double ttaAccuracy() {
    return ttaAccuracy;
  }

  /** Returns what its next attempt begins from; null where that is nothing. */
  public @Nullable ResumePoint resumePoint() {
    return resumePoint;
  }

  /** Returns what its attempt began from; null where that was nothing. */
  public @Nullable ResumedFrom resumedFrom() {
    return resumedFrom;
  }

  /** Returns why it is FAILED, else null. */
  public @Nullable RunFailure failure() {
    return failure;
  }

  /** Returns every state it was in, in order. Load it with {@link Runs#withTransitions}. */
  public List<Transition> transitions() {
    return transitions;
  }
}
