package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.run.history.RunSteps;
import dev.onecycle.run.history.StepCurve;
import dev.onecycle.run.history.StepPoint;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Rows;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Steps as a curve of bounded size, and epochs side by side. */
class RunCurvesIT extends CountingServer {

  private static final String RUNS = "/api/v1/runs/";

  @Autowired private RunSteps steps;

  @Test
  void aRunsStepsAreThereWhenItEnds() {
    UUID id = submit("{\"epochs\": 3}");
    awaitState(id, RunState.SUCCEEDED);
    JsonNode points = http().get(RUNS + id + "/steps").json();
    assertThat(points.size()).isEqualTo(3);
    assertThat(points.at("/2/firstStep").asInt()).isEqualTo(3);
    assertThat(points.at("/2/loss").asDouble()).isEqualTo(1);
    assertThat(points.at("/2/learningRate").asDouble()).isEqualTo(1e-3);
    assertThat(points.at("/2/momentum").asDouble()).isEqualTo(0.95);
  }

  @Test
  void manyStepsComeAsFewPointsThatCoverThemAll() {
    UUID id = Rows.run(jdbc);
    StepCurve curve = steps.curve(id);
    for (long step = 1; step <= 100_000; step++) {
      curve.add(step(step));
      if (step % 30_000 == 0) {
        write(id, curve);
      }
    }
    write(id, curve);
    JsonNode points = http().get(RUNS + id + "/steps?points=100").json();
    assertThat(points.size()).isEqualTo(100);
    assertThat(points.at("/0/firstStep").asInt()).isEqualTo(1);
    assertThat(points.at("/99/lastStep").asInt()).isEqualTo(100_000);
    assertThat(points.at("/99/maxLoss").asInt()).isEqualTo(100_000);
    for (int i = 1; i < 100; i++) {
      assertThat(points.get(i).get("firstStep").asInt())
          .isEqualTo(points.get(i - 1).get("lastStep").asInt() + 1);
    }
    assertThat(rows(id)).isLessThanOrEqualTo(StepCurve.MOST_POINTS);
  }

  @Test
  void whatCameAfterAStepIsForgottenAndReplaced() {
    UUID id = Rows.run(jdbc);
    StepCurve first = steps.curve(id);
    LongStream.rangeClosed(1, 5_000).forEach(step -> first.add(step(step)));
    write(id, first);
    steps.forgetAfter(id, 2_001);
    List<StepPoint> kept = steps.of(id, 1000);
    assertThat(kept.get(kept.size() - 1).lastStep()).isEqualTo(2_001);

    StepCurve second = steps.curve(id);
    LongStream.rangeClosed(2_002, 3_000).forEach(step -> second.add(step(step)));
    write(id, second);
    List<StepPoint> all = steps.of(id, 1000);
    long next = 1;
    for (StepPoint point : all) {
      assertThat(point.firstStep()).isEqualTo(next);
      next = point.lastStep() + 1;
    }
    assertThat(next).isEqualTo(3_001);

    steps.forgetAfter(id, 0);
    assertThat(steps.of(id, 1000)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1001", "many"})
  void pointsHaveLimits(String points) {
    UUID id = Rows.run(jdbc);
    Answer answer = http().get(RUNS + id + "/steps?points=" + points);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text()).contains("points");
  }

  @Test
  void comparesCurvesBestValuesAndRecipes() {
    UUID one = submit("{\"epochs\": 1, \"same\": {\"a\": 1, \"b\": 2}}");
    UUID two = submit("{\"epochs\": 3, \"same\": {\"a\": 1, \"b\": 3}}");
    awaitState(one, RunState.SUCCEEDED);
    awaitState(two, RunState.SUCCEEDED);
    JsonNode compared = http().get(RUNS + "compare?ids=" + two + "," + one).json();
    assertThat(compared.at("/runs/0/id").asString()).isEqualTo(two.toString());
    assertThat(compared.at("/runs/0/epochs").size()).isEqualTo(3);
    assertThat(compared.at("/runs/0/seconds").asDouble()).isEqualTo(183);
    assertThat(compared.at("/runs/1/epochs/0/accuracy").asDouble()).isEqualTo(0);
    assertThat(compared.at("/best/accuracy/run").asString()).isEqualTo(two.toString());
    assertThat(compared.at("/best/accuracy/value").asDouble()).isEqualTo(0.2);
    assertThat(compared.at("/best/accuracy/epoch").asInt()).isEqualTo(2);
    assertThat(compared.get("differences").toString())
        .isEqualTo(
            "[{\"path\":\"epochs\",\"values\":[3,1]},{\"path\":\"same.b\",\"values\":[3,2]}]");
  }

  @Test
  void runsWithoutEpochsAreCompared() {
    UUID one = Rows.run(jdbc);
    UUID two = Rows.run(jdbc);
    JsonNode compared = http().get(RUNS + "compare?ids=" + one + "," + two).json();
    assertThat(compared.get("runs").size()).isEqualTo(2);
    assertThat(compared.get("best").size()).isZero();
    assertThat(compared.get("differences").size()).isZero();
  }

  @Test
  void comparesOnlyRunsThatThereAreAndNotTooMany() {
    UUID one = Rows.run(jdbc);
    UUID nobody = UUID.randomUUID();
    Answer unknown = http().get(RUNS + "compare?ids=" + one + "," + nobody);
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).contains(nobody.toString());
    assertThat(http().get(RUNS + "compare?ids=" + one + "," + one).status()).isEqualTo(422);
    String eleven =
        String.join(",", Stream.generate(UUID::randomUUID).limit(11).map(UUID::toString).toList());
    Answer tooMany = http().get(RUNS + "compare?ids=" + eleven);
    assertThat(tooMany.status()).isEqualTo(422);
    assertThat(tooMany.text()).contains("11", "10");
    assertThat(http().get(RUNS + "compare?ids=no-id").status()).isEqualTo(422);
  }

  private void write(UUID id, StepCurve curve) {
    StepCurve.Changes changes = curve.changes();
    steps.write(id, changes);
    curve.wrote(changes);
  }

  private long rows(UUID id) {
    return jdbc.sql("select count(*) from run_step where run_id = ?")
        .param(id)
        .query(Long.class)
        .single();
  }

  private static StepRecord step(long step) {
    return new StepRecord(1, 0, 1, step, 100_000, (double) step, (double) step, 1e-3, 0.9, 100);
  }
}
