package dev.onecycle.checkpoint;

import dev.onecycle.platform.Failure;
import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The checkpoints of this service. */
public interface Checkpoints extends JpaRepository<Checkpoint, UUID> {

  /**
   * Finds the checkpoint of that id.
   *
   * @throws Failure.NotFound if there is none
   */
  default Checkpoint required(UUID id) {
    return findById(id).orElseThrow(() -> new Failure.NotFound("there is no checkpoint " + id));
  }

  /** Returns those made before {@code before}, newest first. */
  List<Checkpoint> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  /** Returns a run's, made before {@code before}, newest first. */
  List<Checkpoint> findByRunIdAndIdLessThanOrderByIdDesc(UUID runId, UUID before, Limit limit);

  /** Returns where the weights of all checkpoints lie in the store. */
  @Query("select c.weightsKey from Checkpoint c")
  List<String> weightsKeys();

  /** Returns all of a run's. */
  List<Checkpoint> findByRunId(UUID runId);
}
