package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.store.Blob;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * The only writer of datasets that are imported. Each method is part of the caller's transaction,
 * in which the caller made sure that the import is still its own. Once an import has ended, none of
 * them changes anything.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class ImportRecorder {

  private final Datasets datasets;
  private final DatasetAudits audits;
  private final ApplicationEventPublisher publisher;
  private final Clock clock;

  ImportRecorder(
      Datasets datasets, DatasetAudits audits, ApplicationEventPublisher publisher, Clock clock) {
    this.datasets = datasets;
    this.audits = audits;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Shows how far an import is. */
  public void advance(UUID id, Progress progress) {
    Dataset dataset = datasets.required(id);
    if (dataset.importing()) {
      dataset.advance(progress, clock.instant());
    }
  }

  /** Ends an import whose pack is in the store. */
  public void ready(UUID id, PackSummary summary, Blob archive) {
    Dataset dataset = datasets.required(id);
    if (dataset.importing()) {
      publisher.publishEvent(new DatasetFiles.Released(id, dataset.upload(), archive.key()));
      dataset.ready(summary, archive, clock.instant());
      audits.save(new DatasetAudit(id, summary.audit()));
    }
  }

  /** Ends an import that cannot be done. */
  public void fail(UUID id, String message, @Nullable String fix) {
    Dataset dataset = datasets.required(id);
    if (dataset.importing()) {
      publisher.publishEvent(new DatasetFiles.Released(id, dataset.upload(), null));
      dataset.fail(message, fix, clock.instant());
    }
  }
}
