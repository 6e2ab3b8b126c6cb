package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.testing.Rows;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** When runs start and end, by what earlier ones took, and never by guessing. */
class QueueForecastIT extends CountingServer {

  private static final String RUNS = "/api/v1/runs/";

  @Autowired private RunWorks works;

  private final Workload thousand = workload(1_000);
  private UUID blocker;

  private Workload workload(double pictures) {
    return new Workload(
        "xresnet-forecast", "float32", List.of(new Workload.Stretch(97, 100, pictures)));
  }

  @AfterEach
  void unblock() {
    if (blocker != null) {
      open(blocker, 1);
      awaitState(blocker, RunState.SUCCEEDED);
    }
  }

  @Test
  void countsWhatIsLeftOfARunAndAllThatGoesBeforeAnother() {
    block();
    works(blocker, thousand);
    UUID urgent = submit("{}", 5);
    UUID waiting = submit("{}");
    works(waiting, workload(300));
    assertThat(eta(blocker).isMissingNode()).as("no such epochs yet").isTrue();
    assertThat(eta(waiting).isMissingNode()).isTrue();

    for (double speed : new double[] {80, 100, 125}) {
      epoch(speed);
    }
    assertThat(eta(blocker).at("/untilEnd/seconds").asDouble()).isCloseTo(10, within(1e-6));
    assertThat(eta(blocker).at("/untilEnd/low").asDouble()).isCloseTo(8, within(1e-6));
    assertThat(eta(blocker).at("/untilEnd/high").asDouble()).isCloseTo(12.5, within(1e-6));
    assertThat(eta(blocker).get("epochs").asInt()).isEqualTo(3);
    assertThat(eta(blocker).has("untilStart")).isFalse();
    assertThat(eta(waiting).isMissingNode()).as("nobody knows how long the urgent one is").isTrue();

    works(urgent, workload(200));
    assertThat(eta(urgent).at("/untilStart/seconds").asDouble()).isCloseTo(10, within(1e-6));
    assertThat(eta(waiting).at("/untilStart/seconds").asDouble()).isCloseTo(12, within(1e-6));
    assertThat(eta(waiting).at("/untilEnd/seconds").asDouble()).isCloseTo(15, within(1e-6));
    assertThat(eta(waiting).at("/untilEnd/low").asDouble()).isCloseTo(12, within(1e-6));

    jdbc.sql(
            Rows.portable(
                jdbc,
                """
                update run set progress = '{"phase": 1, "epoch": 0, "epochs": 1, "step": 75,
                  "steps": 100, "trainLoss": 1, "imagesPerSecond": 1, "etaSeconds": 1}' format json
                where id = ?
                """))
        .param(blocker)
        .update();
    assertThat(eta(blocker).at("/untilEnd/seconds").asDouble()).isCloseTo(2.5, within(1e-6));
    assertThat(eta(waiting).at("/untilStart/seconds").asDouble()).isCloseTo(4.5, within(1e-6));

    queue.cancel(urgent);
    assertThat(eta(urgent).isMissingNode()).isTrue();
    queue.cancel(waiting);
  }

  private void block() {
    blocker = submit("{\"epochs\": 1, \"gated\": true}", 100);
    awaitState(blocker, RunState.RUNNING);
  }

  private JsonNode eta(UUID id) {
    return http().get(RUNS + id).json().path("eta");
  }

  private void works(UUID id, Workload work) {
    jdbc.sql("update run set workload = ? where id = ?").params(works.json(work), id).update();
  }

  /** An epoch of an earlier run like the ones here. */
  private void epoch(double imagesPerSecond) {
    UUID id = Rows.run(jdbc);
    works(id, thousand);
    jdbc.sql("update run set device = 'cpu' where id = ?").param(id).update();
    jdbc.sql(
            """
            insert into run_epoch (id, run_id, phase, epoch, train_loss, valid_loss, accuracy,
              learning_rate, seconds, images_per_second, leaky)
            values (?, ?, 1, 0, 1, 1, 0.5, 0.1, 10, ?, false)
            """)
        .params(id, id, imagesPerSecond)
        .update();
  }
}
