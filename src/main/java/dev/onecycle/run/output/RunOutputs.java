package dev.onecycle.run.output;

import dev.onecycle.platform.StoredJson;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * The things that runs leave: one result each, and output in numbered parts. Its writes belong into
 * a transaction that holds the run's row.
 */
@Component
public class RunOutputs {

  private final EntityManager entities;
  private final StoredJson json;

  RunOutputs(EntityManager entities, StoredJson json) {
    this.entities = entities;
    this.json = json;
  }

  /** Returns the parts of a run's output that are complete, in order. */
  public List<OutputPart> parts(UUID run) {
    return entities
        .createQuery(
            "select o from RunOutput o where o.key.runId = :run order by o.key.part",
            RunOutput.class)
        .setParameter("run", run)
        .getResultStream()
        .map(RunOutput::part)
        .toList();
  }

  /** Returns where all parts of all runs lie in the store. */
  public List<String> fileKeys() {
    return entities.createQuery("select o.fileKey from RunOutput o", String.class).getResultList();
  }

  /** Makes a part count, in place of one of its number. */
  public void add(UUID run, OutputPart part) {
    entities.merge(new RunOutput(run, part));
  }

  /**
   * Returns what a run found out; empty where that is nothing. An attempt that failed may have left
   * it: look at the run's state first.
   */
  public <T> Optional<T> result(UUID run, Class<T> type) {
    return Optional.ofNullable(entities.find(RunResult.class, run))
        .map(found -> json.read(found.document(), type));
  }

  /** Keeps what a run found out, in place of what an earlier attempt left. */
  public void keepResult(UUID run, Object document) {
    entities.merge(new RunResult(run, json.write(document)));
  }
}
