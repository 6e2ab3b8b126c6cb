package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A name under which a checkpoint is served. Which one may change; the name's callers do not. */
@Entity
public class Model {

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  @Id private UUID id;
  private String name;
  private UUID checkpointId;
  private Instant updatedAt;

  @ElementCollection
  @CollectionTable(name = "model_history", joinColumns = @JoinColumn(name = "model_id"))
  @OrderColumn(name = "position")
  private List<ServedCheckpoint> history = new ArrayList<>();

  @Version private long version;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected Model() {}

  /**
   * Makes a model that serves nothing yet.
   *
   * @throws Failure.Invalid unless the name is 1 to 64 letters, digits, '.', '_', '-'
   */
  @SuppressWarnings("NullAway.Init") // a checkpoint follows before it is saved
  Model(UUID id, String name) {
    requireName(name);
    this.id = id;
    this.name = name;
  }

  /**
   * Checks a name.
   *
   * @throws Failure.Invalid unless it can be a model's
   */
  static void requireName(String name) {
    if (!name.matches(NAME)) {
      throw new Failure.Invalid(
          "a model's name is 1 to 64 letters, digits, '.', '_' or '-' and starts with a letter or"
              + " a digit",
          "Choose another name.");
    }
  }

  /** Points at this checkpoint from now on; empty, and nothing changes, if it already did. */
  Optional<ModelSwitched> pointAt(UUID checkpoint, Instant now) {
    if (checkpoint.equals(checkpointId)) {
      return Optional.empty();
    }
    ModelSwitched switched = new ModelSwitched(id, name, checkpoint, checkpointId, now);
    checkpointId = checkpoint;
    updatedAt = now;
    history.add(new ServedCheckpoint(checkpoint, now));
    return Optional.of(switched);
  }

  /** Returns what it served before what it serves now, the latest first, each once. */
  List<UUID> predecessors() {
    List<UUID> latestFirst =
        new ArrayList<>(history.stream().map(ServedCheckpoint::checkpointId).toList());
    Collections.reverse(latestFirst);
    return latestFirst.stream().distinct().filter(id -> !id.equals(checkpointId)).toList();
  }

  public UUID id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** Returns the checkpoint that is served. */
  public UUID checkpointId() {
    return checkpointId;
  }

  /** Returns when it began to point at that checkpoint. */
  public Instant updatedAt() {
    return updatedAt;
  }

  /**
   * Returns every checkpoint that it pointed at, oldest first; the last is the one that is served.
   */
  public List<ServedCheckpoint> history() {
    return List.copyOf(history);
  }
}
