package dev.onecycle.dataset;

import dev.onecycle.platform.Failure;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** All datasets. */
public interface Datasets extends Repository<Dataset, UUID> {

  Dataset save(Dataset dataset);

  Optional<Dataset> findById(UUID id);

  /**
   * The dataset.
   *
   * @throws Failure.NotFound if there is none
   */
  default Dataset required(UUID id) {
    return findById(id).orElseThrow(() -> new Failure.NotFound("there is no dataset " + id));
  }

  /**
   * All versions of the pictures that were imported as {@code first}, their rows locked until the
   * transaction ends.
   */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select d from Dataset d where d.id = :first or d.version.first = :first order by d.id")
  List<Dataset> lockVersions(UUID first);

  /** The versions of those pictures that come after one, by their numbers. */
  @Query(
      "select d from Dataset d where (d.id = :first or d.version.first = :first)"
          + " and d.version.number > :after order by d.version.number")
  List<Dataset> versions(UUID first, int after, Limit limit);

  /** Datasets older than {@code before}, newest first. */
  List<Dataset> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  List<Dataset> findAll();

  long countByState(Dataset.State state);

  /** Deletes at once; a dataset that something refers to is refused by the database. */
  void deleteById(UUID id);

  void flush();
}
