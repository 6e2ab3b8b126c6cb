package dev.onecycle.search;

import dev.onecycle.platform.Failure;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** All searches. */
public interface SearchRepository extends Repository<Search, UUID> {

  Optional<Search> findById(UUID id);

  /** Returns those made before {@code before}, newest first. */
  List<Search> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

  /** Returns the searches that have not ended. */
  @Query("select s.id from Search s where s.endedAt is null order by s.id")
  List<UUID> unended();

  /** Returns the runs of a search's trials. */
  @Query("select t.run from Search s join s.trials t where s.id = :id")
  List<UUID> runsOf(UUID id);

  /** Returns the search, its row locked until the transaction ends. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select s from Search s where s.id = :id")
  Optional<Search> lock(UUID id);

  /**
   * Returns the search of that id.
   *
   * @throws Failure.NotFound if there is none
   */
  default Search required(UUID id) {
    return findById(id).orElseThrow(() -> new Failure.NotFound("there is no search " + id));
  }

  Search save(Search search);

  void delete(Search search);
}
