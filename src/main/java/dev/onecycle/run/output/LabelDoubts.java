package dev.onecycle.run.output;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The doubts of all checks of labels, one a picture, ranked. Its writes belong into a transaction
 * that holds the run's row.
 */
@Component
public class LabelDoubts {

  private static final String COLUMNS =
      "picture, given, likely, given_probability, likely_probability, reason";
  private static final int AT_ONCE = 1_000;

  private final JdbcTemplate jdbc;

  LabelDoubts(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** A doubt, and where it stands among all of its run, from 0. */
  public record Placed(int place, LabelDoubt doubt) {}

  /**
   * Returns doubts of a run, the strongest first.
   *
   * @param given only pictures of that label, or null
   * @param likely only pictures that are more likely of that label, or null
   * @param reason only those of that reason, or null
   * @param from the first place that is looked at
   */
  public List<Placed> of(
      UUID run,
      @Nullable Integer given,
      @Nullable Integer likely,
      @Nullable String reason,
      int from,
      int most) {
    return jdbc.query(
        "select "
            + COLUMNS
            + ", place from label_doubt where run_id = ? and given = coalesce(?, given)"
            + " and likely = coalesce(?, likely) and reason = coalesce(?, reason) and place >= ?"
            + " order by place fetch first ? rows only",
        (row, number) ->
            new Placed(
                row.getInt(7),
                new LabelDoubt(
                    row.getInt(1),
                    row.getInt(2),
                    row.getInt(3),
                    row.getDouble(4),
                    row.getDouble(5),
                    row.getString(6))),
        run,
        given,
        likely,
        reason,
        from,
        most);
  }

  /** Keeps a run's doubts, in their order, in place of those that an earlier attempt left. */
  public void write(UUID run, List<LabelDoubt> doubts) {
    jdbc.update("delete from label_doubt where run_id = ?", run);
    jdbc.batchUpdate(
        "insert into label_doubt (run_id, place, " + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?)",
        IntStream.range(0, doubts.size()).boxed().toList(),
        AT_ONCE,
        (statement, place) -> {
          LabelDoubt doubt = doubts.get(place);
          statement.setObject(1, run);
          statement.setInt(2, place);
          statement.setInt(3, doubt.picture());
          statement.setInt(4, doubt.given());
          statement.setInt(5, doubt.likely());
          statement.setDouble(6, doubt.givenProbability());
          statement.setDouble(7, doubt.likelyProbability());
          statement.setString(8, doubt.reason());
        });
  }
}
