package dev.onecycle.run;

import dev.onecycle.store.BlobStore;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** The files that runs leave in the store. */
@Component
public class RunFiles {

  private static final String RESUME_POINT = "resume-";

  private final BlobStore store;

  public RunFiles(BlobStore store) {
    this.store = store;
  }

  /**
   * Deletes a run's files. The rows go first: a file without a row is garbage, a row without its
   * file is a lie.
   */
  @TransactionalEventListener
  void delete(RunDeleted deleted) {
    store.deleteAll(folder(deleted.run()));
  }

  /** Deletes the resume points of a run that ended: it never goes on. */
  @TransactionalEventListener(condition = "#change.state().ended()")
  void ended(RunChanged change) {
    deleteResumePoints(change.run(), change.attempt(), "");
  }

  /**
   * Deletes the resume points of a run, also those that never counted, but the one kept. Those of
   * attempts after {@code attempt} stay: it may be a worker's that was taken for dead.
   */
  public void deleteResumePoints(UUID run, int attempt, String kept) {
    store.list(folder(run)).stream()
        .filter(key -> key.startsWith(RESUME_POINT, key.lastIndexOf('/') + 1))
        .filter(key -> attempt(key, run) <= attempt && !key.equals(kept))
        .forEach(store::delete);
  }

  private static int attempt(String key, UUID run) {
    int from = folder(run).length();
    return Integer.parseInt(key.substring(from, key.indexOf('/', from)));
  }

  /** Returns where a resume point lies. */
  public static String resumePoint(UUID run, int attempt, UUID id) {
    return folder(run) + attempt + "/" + RESUME_POINT + id + ".safetensors";
  }

  /** Returns where the files of all attempts lie. */
  static String folder(UUID run) {
    return "runs/" + run + "/";
  }
}
