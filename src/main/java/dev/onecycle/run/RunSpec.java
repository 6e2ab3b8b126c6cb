package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Settings;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * What is asked for: the part of a run that its work depends on, and what people call it.
 *
 * @param kind which {@link RunWork} does it
 * @param dataset the dataset's id, or null for work on what is no dataset
 * @param recipe the resolved recipe as JSON, or what a kind without recipe is asked for
 * @param seed where every random draw starts from; overrides the recipe's
 * @param name what people call it, 1 to 200 characters
 * @param priority -100 to 100; the highest goes first, equal ones in the order of submission
 * @param from the checkpoint whose weights it starts from or works with, or null
 */
@Embeddable
public record RunSpec(
    String kind,
    @Column(name = "dataset_id") UUID dataset,
    @JdbcTypeCode(SqlTypes.JSON) String recipe,
    long seed,
    String name,
    int priority,
    @Column(name = "from_checkpoint_id") UUID from) {

  /** The kind of run that trains a network. */
  public static final String TRAIN = "train";

  /** The kind of run that sweeps the learning rate. */
  public static final String LR_FIND = "lr-find";

  /** The kind of run that says what a checkpoint is worth on a dataset. */
  public static final String EVALUATE = "evaluate";

  /** The kind of run that predicts many pictures with a checkpoint. */
  public static final String BATCH_PREDICT = "batch-predict";

  private static final int MAX_NAME = 200;
  private static final int MAX_PRIORITY = 100;

  /** A run that starts from nothing. */
  public RunSpec(String kind, UUID dataset, String recipe, long seed, String name, int priority) {
    this(kind, dataset, recipe, seed, name, priority, null);
  }

  /**
   * @throws Failure.Invalid naming each field that is out of its limits
   */
  public RunSpec {
    List<FieldError> errors = new ArrayList<>();
    if (name.isBlank()
        || name.length() > MAX_NAME
        || name.chars().anyMatch(Character::isISOControl)) {
      errors.add(new FieldError("name", "must be one line of 1 to 200 characters", name, MAX_NAME));
    }
    if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
      String message = "priority " + priority + " is not within -100 and 100";
      errors.add(new FieldError("priority", message, priority, MAX_PRIORITY));
    }
    Settings.refuse(errors);
  }

  /** Whether this kind trains by a recipe. */
  public boolean hasRecipe() {
    return !kind.equals(EVALUATE) && !kind.equals(BATCH_PREDICT);
  }

  /** The same with another name and priority. */
  RunSpec called(String otherName, int otherPriority) {
    return new RunSpec(kind, dataset, recipe, seed, otherName, otherPriority, from);
  }
}
