package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Pausing, resuming and cancelling at every edge of a run's states. */
class PauseIT extends CountingServer {

  @Test
  void whatWaitsPausesAtOnceAndResumesAtItsOldPlace() {
    UUID blocker = submit("{\"epochs\": 1, \"gated\": true}", 50);
    awaitState(blocker, RunState.RUNNING);
    UUID first = submit("{\"epochs\": 1}");
    UUID second = submit("{\"epochs\": 1}");
    assertThat(ask(first, "pause").json().get("state").asString()).isEqualTo("PAUSED");
    assertThat(scheduled(first)).isZero();
    long told = run(first).lastEvent();
    assertThat(ask(first, "pause").status()).isEqualTo(200);
    assertThat(run(first).lastEvent()).as("asking again changes nothing").isEqualTo(told);

    Answer resumed = ask(first, "resume");
    assertThat(resumed.json().get("state").asString()).isEqualTo("QUEUED");
    assertThat(resumed.json().get("queuePosition").asInt()).isEqualTo(1);
    told = run(first).lastEvent();
    assertThat(ask(first, "resume").status()).isEqualTo(200);
    assertThat(run(first).lastEvent()).isEqualTo(told);
    open(blocker, 1);
    awaitState(second, RunState.SUCCEEDED);
    assertThat(run(first).startedAt()).isBefore(run(second).startedAt());
    awaitState(blocker, RunState.SUCCEEDED);
  }

  @Test
  void whatRunsPausesAfterItsStepAndIsCancelledWherePaused() {
    UUID id = submit("{\"epochs\": 2, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    assertThat(ask(id, "resume").status()).as("it is going on").isEqualTo(200);
    ask(id, "pause");
    awaitState(id, RunState.PAUSED);
    assertThat(states(id))
        .containsExactly(RunState.QUEUED, RunState.RUNNING, RunState.PAUSING, RunState.PAUSED);
    assertThat(ask(id, "cancel").json().get("state").asString()).isEqualTo("CANCELLED");
    for (String action : new String[] {"pause", "resume"}) {
      Answer refused = ask(id, action);
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().get("detail").asString()).contains("CANCELLED");
    }
    assertThat(ask(UUID.randomUUID(), "pause").status()).isEqualTo(404);
  }

  @Test
  void cancellingWinsOverPausing() {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    ask(id, "pause");
    ask(id, "cancel");
    awaitState(id, RunState.CANCELLED);
    assertThat(run(id).failure()).isNull();
  }

  /** A run that is resumed while its worker is just leaving it must not fall between the two. */
  @Test
  void resumedAtOnceItIsNeverForgotten() {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    for (int i = 0; i < 15; i++) {
      awaitState(id, RunState.RUNNING);
      queue.pause(id);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(1))
          .until(() -> runs.findById(id).orElseThrow().state() == RunState.PAUSED);
      queue.resume(id);
    }
    open(id, 1);
    awaitState(id, RunState.SUCCEEDED);
    assertThat(run(id).attempt()).isEqualTo(executions(id));
  }

  /** And one that is paused and resumed while a worker is just claiming it neither. */
  @Test
  void pausedAndResumedWhileBeingClaimedItIsNeverForgotten() {
    for (int i = 0; i < 10; i++) {
      UUID id = submit("{\"epochs\": 1}");
      if (runs.findById(id).orElseThrow().state() == RunState.QUEUED) {
        pauseIfPossible(id);
      }
      awaitState(id, RunState.SUCCEEDED);
    }
  }

  private void pauseIfPossible(UUID id) {
    if (ask(id, "pause").status() == 200) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> ask(id, "resume").status() == 200 || run(id).state().ended());
    }
  }

  private Answer ask(UUID id, String action) {
    return http().post("/api/v1/runs/" + id + "/" + action, "");
  }

  private long scheduled(UUID id) {
    return jdbc.sql("select count(*) from scheduled_tasks where task_instance = ?")
        .param(id.toString())
        .query(Long.class)
        .single();
  }
}
