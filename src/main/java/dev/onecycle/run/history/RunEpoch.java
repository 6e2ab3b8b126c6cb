package dev.onecycle.run.history;

import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import java.util.UUID;
import org.hibernate.annotations.UuidGenerator;

/** One epoch of a run's attempt that counts. */
@Entity
@SuppressWarnings("unused") // the fields are read by queries
class RunEpoch {

  @Id
  @GeneratedValue
  @UuidGenerator(style = UuidGenerator.Style.VERSION_7)
  private UUID id;

  private UUID runId;

  @Embedded private EpochRecord result;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected RunEpoch() {}

  RunEpoch(UUID run, EpochRecord result) {
    this.runId = run;
    this.result = result;
  }
}
