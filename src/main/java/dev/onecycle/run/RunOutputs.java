package dev.onecycle.run;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** What all runs have written out. */
public interface RunOutputs extends Repository<RunOutput, RunOutput.Key> {

  /** The parts of a run's output that are complete, in order. */
  default List<OutputPart> of(UUID run) {
    return rowsOf(run).stream().map(RunOutput::part).toList();
  }

  @Query("select o from RunOutput o where o.key.runId = :run order by o.key.part")
  List<RunOutput> rowsOf(UUID run);

  /** Where all parts of all runs lie in the store. */
  @Query("select o.fileKey from RunOutput o")
  List<String> fileKeys();
}
