package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.Packed;
import dev.onecycle.store.Blob;
import java.time.Clock;
import java.util.Set;
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

  /**
   * Keeps the pack of an import, which is in the store. That ends the import, unless the pictures
   * were not understood: then {@link #fail} will.
   */
  public void packed(UUID id, Packed packed, Blob archive) {
    Dataset dataset = datasets.required(id);
    if (!dataset.importing()) {
      return;
    }
    if (packed instanceof Packed.NotUnderstood found) {
      dataset.notUnderstood(found.layout(), archive, clock.instant());
      keep(id, found.audit());
    } else {
      PackSummary summary = packed.summary();
      publisher.publishEvent(DatasetFiles.Released.of(dataset, Set.of(archive.key())));
      dataset.ready(summary, archive, clock.instant());
      keep(id, summary.audit());
    }
  }

  /** An attempt that was lost may have left one. */
  private void keep(UUID id, Audit audit) {
    audits
        .findById(id)
        .ifPresentOrElse(
            found -> found.replace(audit), () -> audits.save(new DatasetAudit(id, audit)));
  }

  /** Ends an import that cannot be done; a pack of pictures that were not understood stays. */
  public void fail(UUID id, String message, @Nullable String fix) {
    Dataset dataset = datasets.required(id);
    if (dataset.importing()) {
      Blob archive = dataset.archive();
      Set<String> kept = archive == null ? Set.of() : Set.of(archive.key());
      publisher.publishEvent(DatasetFiles.Released.of(dataset, kept));
      dataset.fail(message, fix, clock.instant());
    }
  }
}
