package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.SchedulerState;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.States;
import dev.onecycle.fleet.Devices;
import dev.onecycle.fleet.ThisWorker;
import dev.onecycle.platform.ProcessExit;
import dev.onecycle.platform.StoredJson;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.store.BlobStore;
import dev.onecycle.torch.TorchFailures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import tools.jackson.databind.JsonNode;

/** Who may begin a run, and who may still write to it. */
class LeaseIT extends CountingServer {

  @Autowired private RunEdits edits;
  @Autowired private RunDeletion deletion;
  @Autowired private Checkpoints checkpoints;
  @Autowired private CheckpointStore checkpointStore;
  @Autowired private BlobStore store;
  @Autowired private RunNotifier notifier;
  @Autowired private AutowireCapableBeanFactory beans;
  @Autowired private Devices devices;

  @FunctionalInterface
  private interface Executing {
    RunWork.Ending execute(RunContext context) throws Exception;
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
    RunWorker worker =
        worker(
            exits::add,
            context -> {
              throw new DeviceLost("cuda:0", true, TorchFailures.deviceLost());
            });
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

  @Test
  void aWorkThatSaysItWasCancelledHasStopped() {
    UUID id = pickedRun();
    RunWorker worker =
        worker(
            code -> {},
            context -> {
              throw new CancellationException("others have leased the last device");
            });
    execute(worker, id, 1);
    assertThat(run(id).state()).isEqualTo(RunState.QUEUED);
    assertThat(run(id).failure()).isNull();
    pick(id, 2);
    recorder.succeed(claim(id, 2));
  }

  private RunWorker worker(ProcessExit exit, Executing executing) {
    RunWork<JsonNode> work =
        new RunWork<>() {
          @Override
          public String kind() {
            return CountingWork.KIND;
          }

          @Override
          public Class<JsonNode> asked() {
            return JsonNode.class;
          }

          @Override
          public Planned plan(RunSpec spec, JsonNode recipe) {
            return new Planned(List.of(), null);
          }

          @Override
          public Ending execute(RunContext context, JsonNode recipe) throws Exception {
            return executing.execute(context);
          }
        };
    return new RunWorker(
        runs,
        recorder,
        new RunWorks(List.of(work), new StoredJson()),
        notifier,
        exit,
        beans.createBean(ThisWorker.class), // not the server's own, which it may retire
        devices);
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
  void whatIsMoreUrgentThanTheChosenOneGoesFirst() {
    UUID blocker = submit("{\"epochs\": 1, \"gated\": true}");
    awaitState(blocker, RunState.RUNNING);
    UUID chosen = pickedRun();
    UUID urgent = submit("{\"epochs\": 1}");
    edits.edit(urgent, null, null, 1);
    assertThat(recorder.claim(chosen, 1, "worker")).isEmpty();
    assertThat(run(chosen).state()).isEqualTo(RunState.QUEUED);

    edits.edit(urgent, null, null, -1);
    recorder.succeed(claim(chosen, 1));
    open(blocker, 1);
    awaitState(urgent, RunState.SUCCEEDED);
  }

  @Test
  void aRunThatIsGoneStopsTheWorkOnIt() {
    UUID id = pickedRun();
    AtomicBoolean stopped = new AtomicBoolean();
    AtomicReference<RunWorker> itself = new AtomicReference<>();
    itself.set(
        worker(
            code -> {},
            context -> {
              context.step(new StepRecord(1, 0, 1, 1, 2, 1.0, 1.0, 1e-3, 0.95, 100));
              jdbc.sql("delete from run where id = ?").param(id).update();
              itself.get().flush();
              stopped.set(context.stopRequested());
              return RunWork.Ending.STOPPED;
            }));
    execute(itself.get(), id, 1);
    assertThat(stopped).isTrue();
  }

  @Test
  void aCheckpointCountsWhileItsAttemptDoesAndGoesWithItsRun() {
    UUID id = pickedRun();
    Lease lease = claim(id, 1);
    assertThat(recorder.epoch(lease, epoch(0))).as("the best so far").isTrue();
    Checkpoint kept = written(id, 0);
    recorder.checkpoint(lease, kept);
    assertThat(run(id).checkpointId()).isEqualTo(kept.id());
    assertThat(recorder.epoch(lease, epoch(1))).as("as good is not better").isFalse();
    recorder.checkpoint(lease, written(id, 1));
    assertThat(run(id).checkpointId()).as("the best one is the run's").isEqualTo(kept.id());
    recorder.ttaAccuracy(lease, kept.id(), 0.75);
    assertThat(run(id).ttaAccuracy()).isEqualTo(0.75);
    assertThat(checkpoints.findById(kept.id()).orElseThrow().metrics().ttaAccuracy())
        .isEqualTo(0.75);
    assertThat(checkpoints.findByRunId(id)).hasSize(2);

    recorder.lose(lease, "its worker was lost");
    Checkpoint late = written(id, 2);
    assertThatThrownBy(() -> recorder.checkpoint(lease, late)).isInstanceOf(Superseded.class);
    assertThat(checkpoints.existsById(late.id())).isFalse();

    queue.cancel(id);
    deletion.delete(id);
    assertThat(checkpoints.existsById(kept.id())).isFalse();
    assertThat(store.list("runs/" + id)).as("the late one's weights too").isEmpty();
  }

  private Checkpoint written(UUID run, int epoch) {
    Manifest manifest = States.manifest(List.of("a", "b"), new Origin(run, 1, 1, epoch + 1));
    return checkpointStore.write(manifest, States.xresnet18(2, 1));
  }

  /** A run whose execution looks picked, so that the scheduler leaves it alone. */
  private UUID pickedRun() {
    Run run =
        recorder.add(new Run(spec(0), "{}", Pool.DEVICES, Set.of(), List.of(), 3, Instant.EPOCH));
    jdbc.sql(
            """
            insert into scheduled_tasks
              (task_name, task_instance, execution_time, picked, version, priority)
            values ('run', ?, current_timestamp, true, 1, 0)
            """)
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

  private static EpochRecord epoch(int epoch) {
    return new EpochRecord(1, epoch, 1, 1.0, 0.5, 1e-3, 1, 100, false);
  }
}
