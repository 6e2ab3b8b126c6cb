package dev.onecycle.dataset;

import dev.onecycle.store.BlobStore;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What would go if a dataset were deleted. */
@Component
public class DatasetDeletions {

  private final Datasets datasets;
  private final DatasetIntake intake;
  private final BlobStore store;
  private final TransactionTemplate transactions;

  DatasetDeletions(
      Datasets datasets,
      DatasetIntake intake,
      BlobStore store,
      PlatformTransactionManager transactions) {
    this.datasets = datasets;
    this.intake = intake;
    this.store = store;
    this.transactions = new TransactionTemplate(transactions);
  }

  /**
   * Deletes and takes it back: it throws what {@link DatasetIntake#delete} throws, and nothing is
   * gone: files go after a commit only, and this one never comes.
   */
  public DatasetDeletion rehearse(UUID id) {
    Integer pictures =
        transactions.execute(
            status -> {
              status.setRollbackOnly();
              int had = Objects.requireNonNullElse(datasets.required(id).pictures(), 0);
              intake.delete(id);
              return had;
            });
    List<String> keys = store.list(Claim.prefix(id));
    long bytes = keys.stream().mapToLong(store::size).sum();
    return new DatasetDeletion(id, pictures, keys.size(), bytes);
  }
}
