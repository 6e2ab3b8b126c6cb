package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.store.Blob;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Everything that importers write to the database. Each write is one transaction that first locks
 * the dataset's row and finds out whether the importer still holds the claim.
 */
@Component
class ImportRecorder {

  /** An importer that was silent for this long is dead. */
  static final Duration LEASE = Duration.ofSeconds(10);

  private final Datasets datasets;
  private final DatasetAudits audits;
  private final TransactionTemplate transactions;
  private final Clock clock;

  ImportRecorder(
      Datasets datasets,
      DatasetAudits audits,
      PlatformTransactionManager transactions,
      Clock clock) {
    this.datasets = datasets;
    this.audits = audits;
    this.transactions = new TransactionTemplate(transactions);
    this.clock = clock;
  }

  /** The oldest import that nobody works on; from now on it is the caller's. */
  Optional<Claim> claim() {
    Instant dead = clock.instant().minus(LEASE);
    return datasets.findAbandoned(dead).stream()
        .flatMap(id -> claim(id, dead).stream())
        .findFirst();
  }

  private Optional<Claim> claim(UUID id, Instant dead) {
    return transactions.execute(
        status ->
            datasets
                .lock(id)
                .filter(dataset -> dataset.claim(clock.instant(), dead))
                .map(d -> new Claim(d.id(), d.attempt(), d.source(), d.uploadFile(), d.split())));
  }

  /** Shows progress and life; answers whether the claim still holds. */
  boolean advance(Claim claim, Progress progress) {
    return write(claim, dataset -> dataset.advance(progress, clock.instant()));
  }

  /** Gives the import back. */
  void release(Claim claim) {
    write(claim, Dataset::release);
  }

  /** The import is done; false if the claim was lost, and nothing was written. */
  boolean ready(Claim claim, PackSummary summary, Blob archive) {
    return write(
        claim,
        dataset -> {
          dataset.ready(summary, archive, clock.instant());
          audits.save(new DatasetAudit(dataset.id(), summary.audit()));
        });
  }

  /** The import cannot be done; false if the claim was lost, and nothing was written. */
  boolean fail(Claim claim, String message, String fix) {
    return write(claim, dataset -> dataset.fail(message, fix, clock.instant()));
  }

  private boolean write(Claim claim, Consumer<Dataset> change) {
    return Boolean.TRUE.equals(
        transactions.execute(
            status -> {
              Optional<Dataset> held = datasets.lock(claim.dataset(), claim.attempt());
              held.ifPresent(change);
              return held.isPresent();
            }));
  }
}
