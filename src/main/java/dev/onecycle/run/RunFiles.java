package dev.onecycle.run;

import dev.onecycle.store.BlobStore;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/** What a run left in the store. */
@Component
class RunFiles {

  private final BlobStore store;

  RunFiles(BlobStore store) {
    this.store = store;
  }

  /** The rows go first: a file without a row is garbage, a row without its file is a lie. */
  @TransactionalEventListener
  void delete(RunDeleted deleted) {
    store.deleteAll(folder(deleted.run()));
  }

  /** Where the files of all attempts lie. */
  static String folder(UUID run) {
    return "runs/" + run + "/";
  }
}
