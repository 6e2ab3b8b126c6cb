package dev.onecycle.serving;

import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The publisher of checkpoints under names. */
@Service
public class ModelPublisher {

  private final Models models;
  private final Checkpoints checkpoints;
  private final Classifiers classifiers;
  private final TransactionTemplate transactions;
  private final Ids ids;
  private final Clock clock;
  private final ApplicationEventPublisher publisher;

  ModelPublisher(
      Models models,
      Checkpoints checkpoints,
      Classifiers classifiers,
      PlatformTransactionManager manager,
      Ids ids,
      Clock clock,
      ApplicationEventPublisher publisher) {
    this.models = models;
    this.checkpoints = checkpoints;
    this.classifiers = classifiers;
    this.transactions = new TransactionTemplate(manager);
    this.ids = ids;
    this.clock = clock;
    this.publisher = publisher;
  }

  /**
   * Makes {@code name} serve a checkpoint. It is loaded and has passed its self-test before any
   * request meets it; until then, and if that fails, the name serves what it served.
   *
   * @throws Failure.Invalid if the name cannot be one, or there is no such checkpoint
   * @throws Failure.Unavailable if its weights are damaged, fail their self-test, or there is no
   *     memory for them
   */
  public Model publish(String name, UUID checkpointId) {
    Model.requireName(name);
    if (!checkpoints.existsById(checkpointId)) {
      String message = "there is no checkpoint " + checkpointId;
      throw Failure.Invalid.field("checkpoint", message, checkpointId.toString(), null);
    }
    return serve(name, checkpointId);
  }

  /**
   * Makes {@code name} serve again what it served before, as {@link #publish} would; after two
   * rollbacks in a row it serves what it does now.
   *
   * @throws Failure.NotFound if there is no such model
   * @throws Failure.Conflict if it never served anything else that is still there
   * @throws Failure.Unavailable as for {@link #publish}
   */
  public Model rollBack(String name) {
    UUID previous =
        models.named(name).predecessors().stream()
            .filter(checkpoints::existsById)
            .findFirst()
            .orElseThrow(
                () ->
                    new Failure.Conflict(
                        "model " + name + " never served another checkpoint that still exists",
                        "PUT the checkpoint that it shall serve."));
    return serve(name, previous);
  }

  private Model serve(String name, UUID checkpoint) {
    Classifier ready = classifiers.acquire(checkpoint);
    try {
      return transactions.execute(
          status -> {
            Model model = models.findByName(name).orElseGet(() -> new Model(ids.next(), name));
            Optional<ModelSwitched> switched = model.pointAt(checkpoint, clock.instant());
            Model saved = models.saveAndFlush(model); // its row is locked from here on
            switched.ifPresent(publisher::publishEvent);
            return saved;
          });
    } finally {
      ready.release();
    }
  }

  /**
   * Takes the name away.
   *
   * @throws Failure.NotFound if there is no such model
   */
  public void withdraw(String name) {
    transactions.executeWithoutResult(status -> models.delete(models.named(name)));
  }
}
