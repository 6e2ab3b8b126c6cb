package dev.onecycle.serving;

import dev.onecycle.platform.Failure;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.EntityGraph;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The models of this service. */
public interface Models extends JpaRepository<Model, UUID> {

  /** Returns the model of that name, with its history. */
  @EntityGraph(attributePaths = "history")
  Optional<Model> findByName(String name);

  boolean existsByName(String name);

  /** Returns what the model of that name serves. */
  @Query("select m.checkpointId from Model m where m.name = :name")
  Optional<UUID> checkpointOf(String name);

  /** Returns what the latest switched models serve. */
  @Query("select m.checkpointId from Model m order by m.updatedAt desc")
  List<UUID> latestCheckpoints(Limit limit);

  /** Returns those first made before {@code before}, newest first; their histories are not read. */
  List<Model> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  /**
   * Returns the model of that name.
   *
   * @throws Failure.NotFound if there is none
   */
  default Model named(String name) {
    return findByName(name).orElseThrow(Models::unknown);
  }

  /**
   * Returns what the model of that name serves.
   *
   * @throws Failure.NotFound if there is none
   */
  default UUID served(String name) {
    return checkpointOf(name).orElseThrow(Models::unknown);
  }

  private static Failure unknown() {
    return new Failure.NotFound("there is no model of this name");
  }
}
