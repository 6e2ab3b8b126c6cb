package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.onecycle.platform.Failure;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.testing.Http.Answer;
import jakarta.persistence.EntityManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class RunWorkerIT extends CountingServer {

  @Autowired private RunDeletion deletion;
  @Autowired private DataSource source;
  @Autowired private Task<Void> task;
  @Autowired private EntityManager entities;
  @Autowired private PlatformTransactionManager transactions;

  @Test
  void doesARunFromTheQueueToItsEnd() {
    UUID id = submit("{\"epochs\": 3}");
    awaitState(id, RunState.SUCCEEDED);
    Run run = run(id);
    assertThat(states(id)).containsExactly(RunState.QUEUED, RunState.RUNNING, RunState.SUCCEEDED);
    assertThat(run.attempt()).isEqualTo(1);
    assertThat(run.transitions().get(1).worker()).contains(":" + ProcessHandle.current().pid());
    assertThat(run.device()).isEqualTo("cpu");
    assertThat(run.progress().step()).isEqualTo(3);
    assertThat(run.bestEpoch()).isEqualTo(run.lastEpoch());
    assertThat(run.lastEpoch().epoch()).isEqualTo(2);
    assertThat(epochs.of(id)).extracting(EpochRecord::epoch).containsExactly(0, 1, 2);
    List<RunEvent> told = events(id);
    assertThat(told.stream().map(RunEvent::type))
        .containsExactly(
            "state", "state", "step", "epoch", "step", "epoch", "step", "epoch", "state");
    assertThat(told.stream().map(RunEvent::seq).toList())
        .isEqualTo(LongStream.rangeClosed(1, run.lastEvent()).boxed().toList());
    assertNothingScheduled(id);
  }

  @ParameterizedTest
  @CsvSource({
    "memory, OUT_OF_MEMORY, batch of 64",
    "disk, STORAGE, no room on the disk",
    "diverged, DIVERGED, loss is NaN",
    "nonsense, INTERNAL, nonsense"
  })
  void saysWhyARunFailed(String how, RunFailure.Kind kind, String message) {
    UUID id = submit("{\"epochs\": 1, \"fails\": \"" + how + "\"}");
    awaitState(id, RunState.FAILED);
    assertThat(run(id).failure().kind()).isEqualTo(kind);
    assertThat(run(id).failure().message()).contains(message);
    assertThat(run(id).failure().fix()).isNotBlank();
    assertThat(epochs.of(id)).hasSize(1);
    assertNothingScheduled(id);
  }

  @Test
  void aKindThatNobodyKnowsFailsInsteadOfWaiting() {
    UUID id =
        new TransactionTemplate(transactions)
            .execute(
                status -> {
                  UUID submitted = submit("{}");
                  entities.flush();
                  jdbc.sql("update run set kind = 'knit' where id = ?").param(submitted).update();
                  return submitted;
                });
    awaitState(id, RunState.FAILED);
    assertThat(run(id).failure().message()).contains("knit");
  }

  @Test
  void cancelsAtOnceWhatWaitsAndAtTheNextStepWhatRuns() {
    UUID running = submit("{\"epochs\": 2, \"gated\": true}");
    awaitState(running, RunState.RUNNING);
    UUID waiting = submit("{}");
    queue.cancel(waiting);
    assertThat(states(waiting)).containsExactly(RunState.QUEUED, RunState.CANCELLED);
    assertNothingScheduled(waiting);

    open(running, 1);
    queue.cancel(running);
    awaitState(running, RunState.CANCELLED);
    assertThat(states(running))
        .containsExactly(
            RunState.QUEUED, RunState.RUNNING, RunState.CANCELLING, RunState.CANCELLED);
    long told = run(running).lastEvent();
    queue.cancel(running);
    assertThat(run(running).lastEvent()).isEqualTo(told);
    assertThat(executions(waiting)).isZero();
    assertNothingScheduled(running);
  }

  /** As where native code hangs. */
  @Test
  void whatDoesNotHeedItsCancellationCanBeDeleted() throws IOException {
    Path gate = HOME.resolve("deaf-" + UUID.randomUUID());
    UUID deaf = submit("{\"deaf\": true, \"file\": \"" + gate + "\"}");
    awaitState(deaf, RunState.RUNNING);
    String path = "/api/v1/runs/" + deaf;
    Answer refused = http().delete(path);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("fix").asString()).contains("POST " + path + "/cancel");
    queue.cancel(deaf);
    assertThat(run(deaf).state()).isEqualTo(RunState.CANCELLING);
    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().get(path).status()).isEqualTo(404);
    Files.createFile(gate);
    UUID next = submit("{\"epochs\": 1}");
    awaitState(next, RunState.SUCCEEDED);
    assertNothingScheduled(deaf);
  }

  @Test
  void seesACancellationThatAnotherProcessCommitted() {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    jdbc.sql("update run set state = 'CANCELLING' where id = ?").param(id).update();
    awaitState(id, RunState.CANCELLED);
  }

  @Test
  void theMostUrgentGoesFirstAndEqualsInOrder() {
    UUID blocker = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(blocker, RunState.RUNNING);
    List<UUID> submitted =
        Stream.of(0, 5, 0, -5, 5).map(priority -> submit("{\"epochs\": 1}", priority)).toList();
    open(blocker, 1);
    submitted.forEach(id -> awaitState(id, RunState.SUCCEEDED));
    assertThat(submitted.stream().sorted(Comparator.comparing(id -> run(id).startedAt())))
        .containsExactly(
            submitted.get(1),
            submitted.get(4),
            submitted.get(0),
            submitted.get(2),
            submitted.get(3));
  }

  @Test
  void noRunIsDoneTwiceHoweverManyWorkersWantIt() {
    Scheduler second =
        Scheduler.create(source, task)
            .schedulerName(new SchedulerName.Fixed("second"))
            .threads(4)
            .pollingInterval(Duration.ofMillis(10))
            .enablePriority()
            .build();
    second.start();
    try {
      List<UUID> all = Stream.generate(() -> submit("{\"epochs\": 1}")).limit(40).toList();
      all.forEach(id -> awaitState(id, RunState.SUCCEEDED));
      assertThat(all).allSatisfy(id -> assertThat(executions(id)).isEqualTo(1));
      assertThat(all).allSatisfy(id -> assertThat(run(id).attempt()).isEqualTo(1));
    } finally {
      second.stop();
    }
  }

  @Test
  void aRunIsDeletedOnlyOnceItEnded() {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    assertThatThrownBy(() -> deletion.delete(id))
        .isInstanceOf(Failure.Conflict.class)
        .hasMessageContaining("RUNNING");
    open(id, 1);
    awaitState(id, RunState.SUCCEEDED);
    deletion.delete(id);
    assertThat(runs.existsById(id)).isFalse();
    assertThat(events(id)).isEmpty();
    assertThat(epochs.of(id)).isEmpty();
    assertThatThrownBy(() -> deletion.delete(id)).isInstanceOf(Failure.NotFound.class);
  }

  private void assertNothingScheduled(UUID id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                jdbc.sql("select count(*) from scheduled_tasks where task_instance = ?")
                        .param(id.toString())
                        .query(Long.class)
                        .single()
                    == 0);
  }
}
