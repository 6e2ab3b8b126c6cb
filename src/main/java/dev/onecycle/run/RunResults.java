package dev.onecycle.run;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.repository.Repository;

/** The results of all runs. An attempt that failed may have left one: look at the state first. */
public interface RunResults extends Repository<RunResult, UUID> {

  Optional<RunResult> findById(UUID runId);
}
