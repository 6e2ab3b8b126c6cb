package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Settings;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that every run has, whatever its kind: what its work is done with, and what
 * people call it.
 *
 * @param kind which {@link RunWork} does it
 * @param dataset the dataset's id, or null for work on what is no dataset
 * @param seed where every random draw starts from
 * @param name what people call it, 1 to 200 characters
 * @param priority -100 to 100; the highest goes first, equal ones in the order of submission
 * @param from the checkpoint whose weights it starts from or works with, or null
 */
@Embeddable
public record RunSpec(
    String kind,
    @Column(name = "dataset_id") @Nullable UUID dataset,
    long seed,
    String name,
    int priority,
    @Column(name = "from_checkpoint_id") @Nullable UUID from) {

  private static final int MAX_NAME = 200;
  private static final int MAX_PRIORITY = 100;

  /** Makes a run that starts from nothing. */
  public RunSpec(String kind, UUID dataset, long seed, String name, int priority) {
    this(kind, dataset, seed, name, priority, null);
  }

  /**
   * @throws Failure.Invalid naming each field that is out of its limits
   */
  public RunSpec {
    List<Failure.FieldError> errors = new ArrayList<>();
    if (name.isBlank()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      errors.add(
          new Failure.FieldError(
              "name", "must be one line of 1 to 200 characters", name, MAX_NAME));
    }
    if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
      String message = "priority " + priority + " is not within -100 and 100";
      errors.add(new Failure.FieldError("priority", message, priority, MAX_PRIORITY));
    }
    Settings.refuse(errors);
  }

  /**
   * Returns the dataset of a kind of work that cannot do without.
   *
   * @throws Failure.Invalid if there is none
   */
  public UUID requiredDataset() {
    return required(dataset, "dataset");
  }

  /**
   * Returns the checkpoint of a kind of work that cannot do without.
   *
   * @throws Failure.Invalid if there is none
   */
  public UUID requiredFrom() {
    return required(from, "checkpoint");
  }

  private UUID required(@Nullable UUID id, String what) {
    if (id == null) {
      throw new Failure.Invalid("a run of kind " + kind + " needs a " + what);
    }
    return id;
  }

  /** Returns the same with another name and priority. */
  RunSpec called(String otherName, int otherPriority) {
    return new RunSpec(kind, dataset, seed, otherName, otherPriority, from);
  }
}
