package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.SchedulerState;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.States;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.BlobStore;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.TorchFailures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

class RunWorkerIT extends RunningTest {

  @Autowired private DataSource source;
  @Autowired private Task<Void> task;
  @Autowired private Checkpoints checkpoints;
  @Autowired private CheckpointStore checkpointStore;
  @Autowired private BlobStore store;
  @Autowired private Doorbell doorbell;
  @Autowired private ThisWorker thisWorker;
  @Autowired private Devices devices;

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
    "disk, STORAGE, No space left",
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
    RunSpec spec = new RunSpec("knit", dataset(), "{}", 1, "a scarf", 0);
    UUID id = queue.submit(spec, Set.of()).id();
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
  void aStaleAttemptCannotWrite() {
    UUID id = pickedRun();
    Lease first = claim(id, 1);
    recorder.epoch(first, epoch(0));
    recorder.lose(first, "its worker was lost");
    pick(id, 2);
    Lease second = claim(id, 2);
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(epochs.of(id)).as("the second attempt begins from nothing").isEmpty();

    long told = run(id).lastEvent();
    assertThatThrownBy(() -> recorder.epoch(first, epoch(1))).isInstanceOf(Superseded.class);
    assertThatThrownBy(() -> recorder.log(first, "braains")).isInstanceOf(Superseded.class);
    assertThatThrownBy(() -> recorder.succeed(first)).isInstanceOf(Superseded.class);
    recorder.lose(first, "its worker was lost");
    assertThat(run(id).lastEvent()).isEqualTo(told);
    assertThat(run(id).state()).isEqualTo(RunState.RUNNING);
    assertThat(epochs.of(id)).isEmpty();

    assertThat(recorder.succeed(second)).isEqualTo(RunState.SUCCEEDED);
    assertThatThrownBy(() -> recorder.log(second, "late")).isInstanceOf(Superseded.class);
  }

  @Test
  void aLostGpuIsNotTheRunsFaultAndEndsTheProcess() {
    UUID id = pickedRun();
    List<Integer> exits = new ArrayList<>();
    RunWork lost =
        new RunWork() {
          @Override
          public String kind() {
            return CountingWork.KIND;
          }

          @Override
          public Ending execute(RunContext context) {
            throw new DeviceLost(new Device(true, 0), TorchFailures.deviceLost());
          }
        };
    RunWorker worker =
        new RunWorker(
            runs,
            recorder,
            new RunWorks(List.of(lost)),
            doorbell,
            new SchedulerName.Fixed("doomed"),
            exits::add,
            thisWorker,
            devices);
    execute(worker, id, 1);
    assertThat(exits).containsExactly(ProcessExit.TRY_AGAIN);
    assertThat(run(id).state()).isEqualTo(RunState.QUEUED);
    assertThat(run(id).transitions().get(2).reason())
        .contains("cuda:0 was lost", "illegal memory access");

    pick(id, 2);
    execute(worker, id, 2);
    assertThat(run(id).attempt()).as("it takes no more runs").isEqualTo(1);
    recorder.succeed(claim(id, 2));
  }

  private void execute(RunWorker worker, UUID id, long version) {
    TaskInstance<Void> instance = new TaskInstance<>("run", id.toString());
    Execution execution =
        new Execution(Instant.EPOCH, instance, true, "doomed", null, null, 0, null, version);
    SchedulerState state = new SchedulerState.SettableSchedulerState();
    worker.execute(instance, new ExecutionContext(state, execution, null, null));
  }

  @Test
  void whatWasAskedOfARunOutlivesItsWorker() {
    UUID id = pickedRun();
    Lease pausing = claim(id, 1);
    queue.pause(id);
    recorder.lose(pausing, "its worker was lost");
    assertThat(run(id).state()).isEqualTo(RunState.PAUSED);
    queue.resume(id);
    pick(id, 2);
    claim(id, 2);
    queue.cancel(id);
    pick(id, 3);
    assertThat(recorder.claim(id, 3, "another")).isEmpty();
    assertThat(states(id))
        .endsWith(RunState.QUEUED, RunState.RUNNING, RunState.CANCELLING, RunState.CANCELLED);
  }

  @Test
  void whoNoLongerHoldsTheExecutionClaimsNothing() {
    UUID id = pickedRun();
    pick(id, 2);
    assertThat(recorder.claim(id, 1, "late")).isEmpty();
    assertThat(run(id).state()).isEqualTo(RunState.QUEUED);
    assertThat(recorder.succeed(claim(id, 2))).isEqualTo(RunState.SUCCEEDED);
  }

  @Test
  void aCheckpointCountsWhileItsAttemptDoesAndGoesWithItsRun() {
    UUID id = pickedRun();
    Lease lease = claim(id, 1);
    Checkpoint kept = written(id);
    recorder.checkpoint(lease, kept, true);
    assertThat(run(id).checkpointId()).isEqualTo(kept.id());
    recorder.checkpoint(lease, written(id), false);
    assertThat(run(id).checkpointId()).as("the best one is the run's").isEqualTo(kept.id());
    assertThat(checkpoints.findByRunId(id)).hasSize(2);

    recorder.lose(lease, "its worker was lost");
    Checkpoint late = written(id);
    assertThatThrownBy(() -> recorder.checkpoint(lease, late, true)).isInstanceOf(Superseded.class);
    assertThat(checkpoints.existsById(late.id())).isFalse();

    queue.cancel(id);
    queue.delete(id);
    assertThat(checkpoints.existsById(kept.id())).isFalse();
    assertThat(store.list("runs/" + id)).as("the late one's weights too").isEmpty();
  }

  private Checkpoint written(UUID run) {
    Manifest manifest = States.manifest(List.of("a", "b"), new Origin(run, 1, 0, 1));
    return checkpointStore.write(manifest, States.xresnet18(2, 1));
  }

  @Test
  void aRunIsDeletedOnlyOnceItEnded() {
    UUID id = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(id, RunState.RUNNING);
    assertThatThrownBy(() -> queue.delete(id))
        .isInstanceOf(Failure.Conflict.class)
        .hasMessageContaining("RUNNING");
    open(id, 1);
    awaitState(id, RunState.SUCCEEDED);
    queue.delete(id);
    assertThat(runs.existsById(id)).isFalse();
    assertThat(events(id)).isEmpty();
    assertThat(epochs.of(id)).isEmpty();
    assertThatThrownBy(() -> queue.delete(id)).isInstanceOf(Failure.NotFound.class);
  }

  /** A run whose execution looks picked, so that the scheduler leaves it alone. */
  private UUID pickedRun() {
    Run run = recorder.add(new Run(spec("{}", 0), Set.of(), List.of(), 3, Instant.EPOCH));
    jdbc.sql(
            "insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)"
                + " values ('run', ?, current_timestamp, true, 1)")
        .param(run.id().toString())
        .update();
    return run.id();
  }

  private void pick(UUID id, long version) {
    jdbc.sql("update scheduled_tasks set version = ? where task_instance = ?")
        .params(version, id.toString())
        .update();
  }

  private Lease claim(UUID id, long version) {
    Run claimed = recorder.claim(id, version, "worker").orElseThrow();
    return new Lease(id, claimed.attempt());
  }

  private void assertNothingScheduled(UUID id) {
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () ->
                jdbc.sql("select count(*) from scheduled_tasks where task_instance = ?")
                        .param(id.toString())
                        .query(Long.class)
                        .single()
                    == 0);
  }

  private static EpochRecord epoch(int epoch) {
    return new EpochRecord(1, epoch, 1, 1, 0.5, 1e-3, 1, 100, false);
  }
}
