package dev.onecycle.run.history;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The curves of all runs' steps. Its writes belong into a transaction that holds the run's row. */
@Component
public class RunSteps {

  private static final String COLUMNS =
      "first_step, last_step, loss, min_loss, max_loss, train_loss, learning_rate, momentum";

  private final JdbcTemplate jdbc;

  RunSteps(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Returns a run's steps as at most {@code points} points, in order. */
  public List<StepPoint> of(UUID run, int points) {
    return StepCurve.atMost(points, of(run));
  }

  /** Returns the curve as it was written, for an attempt to go on with. */
  public StepCurve curve(UUID run) {
    return new StepCurve(of(run));
  }

  private List<StepPoint> of(UUID run) {
    return jdbc.query(
        "select " + COLUMNS + " from run_step where run_id = ? order by first_step",
        (row, number) ->
            new StepPoint(
                row.getLong(1),
                row.getLong(2),
                row.getDouble(3),
                row.getDouble(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getDouble(8)),
        run);
  }

  /**
   * Forgets what came after the first {@code step} steps of a run; 0 forgets everything. A point
   * that stands for steps on both sides ends there and keeps its values.
   */
  public void forgetAfter(UUID run, long step) {
    jdbc.update("delete from run_step where run_id = ? and first_step > ?", run, step);
    jdbc.update(
        "update run_step set last_step = ? where run_id = ? and last_step > ?", step, run, step);
  }

  /** Writes what changed in place of everything from there on. */
  public void write(UUID run, StepCurve.Changes changes) {
    if (changes.points().isEmpty()) {
      return;
    }
    jdbc.update(
        "delete from run_step where run_id = ? and first_step >= ?", run, changes.firstStep());
    jdbc.batchUpdate(
        "insert into run_step (run_id, " + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        changes.points(),
        StepCurve.MOST_POINTS,
        (statement, point) -> {
          statement.setObject(1, run);
          statement.setLong(2, point.firstStep());
          statement.setLong(3, point.lastStep());
          statement.setDouble(4, point.loss());
          statement.setDouble(5, point.minLoss());
          statement.setDouble(6, point.maxLoss());
          statement.setDouble(7, point.trainLoss());
          statement.setDouble(8, point.learningRate());
          statement.setDouble(9, point.momentum());
        });
  }
}
