package dev.onecycle.search;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A search: its plan, its trials, where it is. It trains nothing; its trials' runs do. */
@Entity
public class Search {

  @Id private UUID id;
  private String name;

  @Column(name = "dataset_id")
  private UUID dataset;

  private int priority;

  @JdbcTypeCode(SqlTypes.JSON)
  private @Nullable SearchPlan plan;

  @Enumerated(EnumType.STRING)
  private SearchState state = SearchState.RUNNING;

  private Instant createdAt;
  private @Nullable Instant endsAt;
  private @Nullable Instant endedAt;

  @ElementCollection
  @CollectionTable(name = "search_trial", joinColumns = @JoinColumn(name = "search_id"))
  @OrderColumn(name = "number")
  private List<Trial> trials = new ArrayList<>();

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected Search() {}

  /**
   * @param endsAt by when it has to end; null for as long as its trials take
   */
  Search(
      UUID id,
      String name,
      UUID dataset,
      int priority,
      SearchPlan plan,
      Instant now,
      @Nullable Instant endsAt) {
    this.id = id;
    this.name = name;
    this.dataset = dataset;
    this.priority = priority;
    this.plan = plan;
    this.createdAt = now;
    this.endsAt = endsAt;
  }

  void add(Trial trial) {
    trials.add(trial);
  }

  /** Puts a trial in the place of what it was. */
  void put(int number, Trial trial) {
    trials.set(number, trial);
  }

  void end(SearchState as, Instant now) {
    state = as;
    endedAt = now;
  }

  public UUID id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** Returns the dataset that its trials train on. */
  public UUID dataset() {
    return dataset;
  }

  int priority() {
    return priority;
  }

  /** Returns its plan; an empty one where what is stored of it cannot be read. */
  public SearchPlan plan() {
    return plan == null ? SearchPlan.NONE : plan;
  }

  public SearchState state() {
    return state;
  }

  public boolean hasEnded() {
    return endedAt != null;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** Returns by when it has to end; null for as long as its trials take. */
  public @Nullable Instant endsAt() {
    return endsAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  /** Returns its trials in the order of their numbers. */
  public List<Trial> trials() {
    return List.copyOf(trials);
  }

  /** Returns the trials' numbers, first those that came farthest, the best of these first. */
  public List<Integer> order() {
    return new Halving(plan()).order(trials.stream().map(Trial::standing).toList());
  }
}
