package dev.onecycle.search;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * One trial of a search: a run, and what it reached.
 *
 * @param run its run; it may have been deleted since
 * @param settings the fields that it drew, by path
 * @param allowed up to which rung it may train
 * @param scores its metric at each rung that it reached
 * @param over whether its run has ended or is gone
 */
@Embeddable
public record Trial(
    @Column(name = "run_id") UUID run,
    @JdbcTypeCode(SqlTypes.JSON) Map<String, Object> settings,
    int allowed,
    @JdbcTypeCode(SqlTypes.JSON) List<Double> scores,
    boolean over) {

  /** What is stored of it and cannot be read comes as null. */
  @SuppressWarnings("NullAway")
  public Trial {
    settings = settings == null ? Map.of() : settings;
    scores = scores == null ? List.of() : scores;
  }

  /** Returns the same allowed to train up to that rung. */
  Trial upTo(int rung) {
    return new Trial(run, settings, rung, scores, over);
  }

  /** Returns the same with one more score. */
  Trial scored(double score) {
    List<Double> more = new ArrayList<>(scores);
    more.add(score);
    return new Trial(run, settings, allowed, more, over);
  }

  /** Returns the same, ended. */
  Trial ended() {
    return new Trial(run, settings, allowed, scores, true);
  }

  /** Returns whether it has reached what it is allowed to. */
  boolean rests() {
    return over || scores.size() > allowed;
  }

  Standing standing() {
    return new Standing(scores, over);
  }
}
