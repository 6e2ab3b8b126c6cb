package dev.onecycle.run.history;

import dev.onecycle.recipe.Position;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The steps and epochs that count of each run. Its writes belong into a transaction that holds the
 * run's row.
 */
@Component
public class RunHistory {

  private final RunSteps steps;
  private final RunEpochs epochs;
  private final EntityManager entities;

  RunHistory(RunSteps steps, RunEpochs epochs, EntityManager entities) {
    this.steps = steps;
    this.epochs = epochs;
    this.entities = entities;
  }

  /** Returns the curve that an attempt's steps are added to. */
  public StepCurve curve(UUID run) {
    return steps.curve(run);
  }

  /** Writes how a curve changed. */
  public void add(UUID run, StepCurve.Changes changes) {
    steps.write(run, changes);
  }

  /** Writes an epoch. */
  public void add(UUID run, EpochRecord epoch) {
    entities.persist(new RunEpoch(run, epoch));
  }

  /**
   * Forgets what came after a moment of a run.
   *
   * @param position in the recipe
   * @param step how many steps were done by then
   * @return the epochs that are left, in order
   */
  public List<EpochRecord> forgetAfter(UUID run, Position position, long step) {
    epochs.forget(run, position.phase(), position.epoch());
    steps.forgetAfter(run, step);
    return epochs.of(run);
  }
}
