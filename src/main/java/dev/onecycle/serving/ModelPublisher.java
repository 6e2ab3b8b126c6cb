package dev.onecycle.serving;

import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Failure.FieldError;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.Settings;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts checkpoints behind names. */
@Service
public class ModelPublisher {

  private final Models models;
  private final Checkpoints checkpoints;
  private final Classifiers classifiers;
  private final TransactionTemplate transactions;
  private final Ids ids;
  private final Clock clock;

  ModelPublisher(
      Models models,
      Checkpoints checkpoints,
      Classifiers classifiers,
      PlatformTransactionManager manager,
      Ids ids,
      Clock clock) {
    this.models = models;
    this.checkpoints = checkpoints;
    this.classifiers = classifiers;
    this.transactions = new TransactionTemplate(manager);
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Makes {@code name} serve a checkpoint. It is loaded and has classified once before any request
   * meets it; until then, and if that fails, the name serves what it served.
   *
   * @throws Failure.Invalid if the name cannot be one, or there is no such checkpoint
   * @throws Failure.Unavailable if its weights are damaged or there is no memory for them
   */
  public Model publish(String name, UUID checkpointId) {
    Model.requireName(name);
    if (!checkpoints.existsById(checkpointId)) {
      String message = "there is no checkpoint " + checkpointId;
      throw Settings.invalid(
          List.of(new FieldError("checkpoint", message, checkpointId.toString(), null)));
    }
    classifiers.acquire(checkpointId).release();
    return transactions.execute(
        status -> {
          Model model = models.findByName(name).orElseGet(() -> new Model(ids.next(), name));
          model.pointAt(checkpointId, clock.instant());
          return models.saveAndFlush(model);
        });
  }

  /** Takes the name away; throws {@link Failure.NotFound} if there is no such model. */
  public void withdraw(String name) {
    transactions.executeWithoutResult(status -> models.delete(models.named(name)));
  }
}
