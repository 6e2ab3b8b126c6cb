package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Failure;
import dev.onecycle.recipe.Position;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.run.history.Progress;
import dev.onecycle.run.history.StepRecord;
import dev.onecycle.store.Blob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RunFailure BROKEN =
      new RunFailure(RunFailure.Kind.INTERNAL, "it broke", null);

  private static final Map<String, Consumer<Run>> ACTIONS =
      Map.of(
          "start", run -> run.start("worker", NOW),
          "cancel", run -> run.cancel(NOW),
          "pause", run -> run.pause(NOW),
          "resume", run -> run.resume(NOW),
          "succeed", run -> run.succeed(NOW),
          "fail", run -> run.fail(BROKEN, NOW),
          "stop", run -> run.stop(NOW),
          "lose", run -> run.lose("its worker was lost", NOW));

  /** The whole machine: a state, then per action the state it leads to; what is absent refuses. */
  private static final Map<RunState, Map<String, RunState>> TABLE =
      Map.of(
          RunState.QUEUED,
          Map.of(
              "start", RunState.RUNNING,
              "cancel", RunState.CANCELLED,
              "pause", RunState.PAUSED,
              "resume", RunState.QUEUED),
          RunState.RUNNING,
          Map.of(
              "resume", RunState.RUNNING,
              "cancel", RunState.CANCELLING,
              "pause", RunState.PAUSING,
              "succeed", RunState.SUCCEEDED,
              "fail", RunState.FAILED,
              "stop", RunState.QUEUED,
              "lose", RunState.QUEUED),
          RunState.PAUSING,
          Map.of(
              "cancel", RunState.CANCELLING,
              "pause", RunState.PAUSING,
              "succeed", RunState.SUCCEEDED,
              "fail", RunState.FAILED,
              "stop", RunState.PAUSED,
              "lose", RunState.PAUSED),
          RunState.PAUSED,
          Map.of(
              "cancel", RunState.CANCELLED,
              "pause", RunState.PAUSED,
              "resume", RunState.QUEUED),
          RunState.CANCELLING,
          Map.of(
              "cancel", RunState.CANCELLING,
              "succeed", RunState.SUCCEEDED,
              "fail", RunState.CANCELLED,
              "stop", RunState.CANCELLED,
              "lose", RunState.CANCELLED),
          RunState.CANCELLED,
          Map.of("cancel", RunState.CANCELLED),
          RunState.SUCCEEDED,
          Map.of(),
          RunState.FAILED,
          Map.of());

  static Stream<Arguments> everyStateAndAction() {
    return Stream.of(RunState.values())
        .flatMap(state -> ACTIONS.keySet().stream().map(action -> Arguments.of(state, action)));
  }

  @ParameterizedTest
  @MethodSource("everyStateAndAction")
  void followsTheTable(RunState state, String action) {
    Run run = in(state);
    List<Transition> before = List.copyOf(run.transitions());
    RunState expected = TABLE.get(state).get(action);
    if (expected == null) {
      assertThatThrownBy(() -> ACTIONS.get(action).accept(run))
          .isInstanceOf(Failure.Conflict.class)
          .hasMessageContaining(state.name());
      assertThat(run.state()).isEqualTo(state);
      assertThat(run.transitions()).isEqualTo(before);
      return;
    }
    ACTIONS.get(action).accept(run);
    assertThat(run.state()).isEqualTo(expected);
    if (expected == state) {
      assertThat(run.transitions()).isEqualTo(before);
    } else {
      assertThat(run.transitions()).hasSize(before.size() + 1);
      assertThat(run.transitions().get(before.size()).state()).isEqualTo(expected);
    }
    assertThat(run.endedAt() != null).isEqualTo(expected.ended());
  }

  @Test
  void remembersWhoHeldItInWhichAttempt() {
    Run run = in(RunState.RUNNING);
    run.lose("its worker was lost", NOW);
    run.start("another", NOW);
    run.succeed(NOW);
    assertThat(run.transitions())
        .containsExactly(
            new Transition(RunState.QUEUED, NOW, null, null, 0),
            new Transition(RunState.RUNNING, NOW, null, "worker", 1),
            new Transition(RunState.QUEUED, NOW, "its worker was lost", "worker", 1),
            new Transition(RunState.RUNNING, NOW, null, "another", 2),
            new Transition(RunState.SUCCEEDED, NOW, null, "another", 2));
  }

  @Test
  void losesOnlySoManyWorkers() {
    Run run = in(RunState.RUNNING);
    run.lose("its worker was lost", NOW);
    run.start("worker", NOW);
    run.lose("its worker was lost", NOW);
    run.start("worker", NOW);
    run.lose("its worker was lost", NOW);
    assertThat(run.state()).isEqualTo(RunState.FAILED);
    assertThat(run.failure().kind()).isEqualTo(RunFailure.Kind.LOST_WORKER);
    assertThat(run.failure().message()).contains("3");
    assertThat(run.attempt()).isEqualTo(3);
  }

  @Test
  void aWorkerThatShutsDownDoesNotCountAsLost() {
    Run run = in(RunState.RUNNING);
    for (int i = 0; i < 10; i++) {
      run.stop(NOW);
      run.start("worker", NOW);
    }
    assertThat(run.state()).isEqualTo(RunState.RUNNING);
    assertThat(run.attempt()).isEqualTo(11);
  }

  @Test
  void aFailureWhileCancellingIsButAReason() {
    Run run = in(RunState.CANCELLING);
    run.fail(BROKEN, NOW);
    assertThat(run.failure()).isNull();
    assertThat(run.transitions().get(3).reason()).isEqualTo("it broke");
  }

  @Test
  void keepsTheBestAndTheLastEpoch() {
    Run run = in(RunState.RUNNING);
    run.completed(epoch(0, 0.5));
    run.completed(epoch(1, 0.7));
    run.completed(epoch(2, 0.7));
    run.completed(epoch(3, 0.6));
    assertThat(run.bestEpoch().epoch()).isEqualTo(1);
    assertThat(run.lastEpoch().epoch()).isEqualTo(3);
    run.completed(epoch(4, 0.7, 0.9));
    assertThat(run.bestEpoch().epoch()).as("as accurate with a lower loss").isEqualTo(4);
  }

  @Test
  void goesOnFromItsResumePointUntilItHasEnded() {
    Run run = in(RunState.RUNNING);
    run.completed(epoch(0, 0.5));
    Blob state = new Blob("runs/r/1/resume-x", 1, "0".repeat(64));
    run.resumePoint(new ResumePoint(1, new Position(1, 1, 3), 13, false, state));
    assertThat(run.resumedFrom()).isNull();
    run.pause(NOW);
    run.stop(NOW);
    assertThat(run.resumePoint()).isNotNull();
    run.resume(NOW);
    run.start("another", NOW);
    assertThat(run.resumedFrom()).isEqualTo(new ResumedFrom(1, 1, 1, 13, NOW));
    assertThat(run.bestEpoch()).as("told anew by those who know which epochs count").isNull();
    run.progress(new StepRecord(1, 1, 5, 23, 63, 1.5, 1.4, 1e-3, 0.95, 120), NOW.plusSeconds(10));
    assertThat(run.progress().etaSeconds()).as("ten steps took ten seconds").isEqualTo(40);
    run.goBack(null, NOW);
    assertThat(run.resumedFrom()).isNull();
    run.resumePoint(new ResumePoint(2, new Position(1, 1, 0), 10, false, state));
    run.succeed(NOW);
    assertThat(run.resumePoint()).isNull();
  }

  @Test
  void estimatesTheRestFromWhatIsDone() {
    Run run = in(RunState.RUNNING);
    run.progress(new StepRecord(1, 0, 5, 25, 100, 1.5, 1.4, 1e-3, 0.95, 120), NOW.plusSeconds(10));
    assertThat(run.progress()).isEqualTo(new Progress(1, 0, 5, 25, 100, 1.5, 120, 30));
  }

  @Test
  void refusesASpecificationOutOfItsLimits() {
    assertThatThrownBy(() -> new RunSpec("train", UUID.randomUUID(), 1, " ", 101))
        .isInstanceOfSatisfying(
            Failure.Invalid.class,
            e ->
                assertThat(e.errors())
                    .extracting(Failure.FieldError::field)
                    .containsExactly("name", "priority"));
  }

  private static Run in(RunState state) {
    Run run = new Run(spec(), "{}", Pool.DEVICES, Set.of("tag"), List.of(), 3, NOW);
    if (state == RunState.QUEUED) {
      return run;
    }
    if (state == RunState.PAUSED) {
      run.pause(NOW);
      return run;
    }
    run.start("worker", NOW);
    switch (state) {
      case PAUSING -> run.pause(NOW);
      case CANCELLING -> run.cancel(NOW);
      case SUCCEEDED -> run.succeed(NOW);
      case FAILED -> run.fail(BROKEN, NOW);
      case CANCELLED -> {
        run.cancel(NOW);
        run.stop(NOW);
      }
      default -> assertThat(run.state()).isEqualTo(state);
    }
    return run;
  }

  private static RunSpec spec() {
    return new RunSpec("count", UUID.randomUUID(), 42, "a run", 0);
  }

  private static EpochRecord epoch(int epoch, double accuracy) {
    return epoch(epoch, accuracy, 1);
  }

  private static EpochRecord epoch(int epoch, double accuracy, double validLoss) {
    return new EpochRecord(1, epoch, 1, validLoss, accuracy, 1e-3, 1, 100, false);
  }
}
