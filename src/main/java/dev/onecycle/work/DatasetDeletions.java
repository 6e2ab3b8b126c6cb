package dev.onecycle.work;

import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.store.BlobStore;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The rehearsal of deleting a dataset. */
@Component
public class DatasetDeletions {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final Imports imports;
  private final BlobStore store;
  private final TransactionTemplate transactions;

  DatasetDeletions(
      Datasets datasets,
      DatasetIntake intake,
      Imports imports,
      BlobStore store,
      PlatformTransactionManager transactions) {
    this.datasets = datasets;
    this.intake = intake;
    this.imports = imports;
    this.store = store;
    this.transactions = new TransactionTemplate(transactions);
  }

  /**
   * Deletes and takes it back: it throws what {@link Imports#delete} throws, and nothing is gone:
   * files go after a commit only, and this one never comes.
   */
  public DatasetDeletion rehearse(UUID id) {
    return transactions.execute(
        status -> {
          status.setRollbackOnly();
          int pictures = Objects.requireNonNullElse(datasets.required(id).pictures(), 0);
          List<String> keys = intake.goingWith(id);
          imports.delete(id);
          long bytes = keys.stream().mapToLong(store::size).sum();
          return new DatasetDeletion(id, pictures, keys.size(), bytes);
        });
  }
}
