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

  /** The model of that name, with its history. */
  @EntityGraph(attributePaths = "history")
  Optional<Model> findByName(String name);

  boolean existsByName(String name);

  /** What the model of that name serves. */
  @Query("select m.checkpointId from Model m where m.name = :name")
  Optional<UUID> checkpointOf(String name);

  /** What the latest switched models serve. */
  @Query("select m.checkpointId from Model m order by m.updatedAt desc")
  List<UUID> latestCheckpoints(Limit limit);

  /** Those first made before {@code before}, newest first; their histories are not read. */
  List<Model> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  /** The model of that name; throws {@link Failure.NotFound} if there is none. */
  default Model named(String name) {
    return findByName(name).orElseThrow(Models::unknown);
  }

  /** What the model of that name serves; throws {@link Failure.NotFound} if there is none. */
  default UUID served(String name) {
    return checkpointOf(name).orElseThrow(Models::unknown);
  }

  private static Failure unknown() {
    return new Failure.NotFound("there is no model of this name");
  }
}
