package dev.onecycle.run.output;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The answers of all evaluations, one a picture. Its writes belong into a transaction that holds
 * the run's row.
 */
@Component
public class RunAnswers {

  private static final String COLUMNS = "image, actual, predicted, loss, probability";
  private static final int AT_ONCE = 1_000;

  private final JdbcTemplate jdbc;

  RunAnswers(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Returns answers of a run, those with the largest loss first.
   *
   * @param actual only pictures of that label, or null
   * @param predicted only pictures that were given that label, or null
   * @param skip how many of them to leave out
   */
  public List<PictureAnswer> of(
      UUID run, @Nullable Integer actual, @Nullable Integer predicted, int skip, int most) {
    return jdbc.query(
        "select "
            + COLUMNS
            + " from run_answer where run_id = ? and actual = coalesce(?, actual)"
            + " and predicted = coalesce(?, predicted)"
            + " order by loss desc, image offset ? rows fetch next ? rows only",
        (row, number) ->
            new PictureAnswer(
                row.getInt(1), row.getInt(2), row.getInt(3), row.getDouble(4), row.getDouble(5)),
        run,
        actual,
        predicted,
        skip,
        most);
  }

  /** Keeps a run's answers in place of those that an earlier attempt left. */
  public void write(UUID run, List<PictureAnswer> answers) {
    jdbc.update("delete from run_answer where run_id = ?", run);
    jdbc.batchUpdate(
        "insert into run_answer (run_id, " + COLUMNS + ") values (?, ?, ?, ?, ?, ?)",
        answers,
        AT_ONCE,
        (statement, answer) -> {
          statement.setObject(1, run);
          statement.setInt(2, answer.image());
          statement.setInt(3, answer.actual());
          statement.setInt(4, answer.predicted());
          statement.setDouble(5, answer.loss());
          statement.setDouble(6, answer.probability());
        });
  }
}
