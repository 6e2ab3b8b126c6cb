package dev.onecycle.run.output;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** The result of a run: the document that its kind of work leaves, such as an evaluation. */
@Entity
class RunResult {

  @Id private UUID runId;

  @JdbcTypeCode(SqlTypes.JSON)
  private String document;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected RunResult() {}

  RunResult(UUID runId, String document) {
    this.runId = runId;
    this.document = document;
  }

  /** Returns a JSON object. */
  String document() {
    return document;
  }
}
