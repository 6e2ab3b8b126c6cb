package dev.onecycle.run;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An event of a run's life. Events of a run are numbered from 1 without gaps. */
@Entity
public class RunEvent {

  @Embeddable
  record Key(UUID runId, long seq) {}

  @EmbeddedId private Key key;

  private String type;
  private Instant at;

  @JdbcTypeCode(SqlTypes.JSON)
  private String data;

  /** Makes an empty one for Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected RunEvent() {}

  RunEvent(UUID run, long seq, String type, Instant at, String data) {
    this.key = new Key(run, seq);
    this.type = type;
    this.at = at;
    this.data = data;
  }

  public long seq() {
    return key.seq();
  }

  /** Returns one of state, epoch, step, checkpoint, log. */
  public String type() {
    return type;
  }

  public Instant at() {
    return at;
  }

  /** Returns a JSON object, its fields by type. */
  public String data() {
    return data;
  }
}
