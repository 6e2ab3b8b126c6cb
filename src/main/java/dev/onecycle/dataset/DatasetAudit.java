package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.Audit;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.springframework.data.domain.Persistable;

/** What the import of a dataset found; apart from the dataset, which is read far more often. */
@Entity
class DatasetAudit implements Persistable<UUID> {

  @Id private UUID datasetId;

  @JdbcTypeCode(SqlTypes.JSON)
  private Audit document;

  @SuppressWarnings("NullAway.Init")
  protected DatasetAudit() {}

  DatasetAudit(UUID datasetId, Audit document) {
    this.datasetId = datasetId;
    this.document = document;
  }

  /** The dataset is understood in another way. */
  void replace(Audit other) {
    document = other;
  }

  Audit document() {
    return document;
  }

  @Override
  public UUID getId() {
    return datasetId;
  }

  /** It is saved once; what changes later is changed in a transaction. */
  @Override
  public boolean isNew() {
    return true;
  }
}
