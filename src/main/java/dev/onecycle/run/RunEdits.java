package dev.onecycle.run;

import dev.onecycle.platform.Failure;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Changes of what people call runs and how urgent they are. */
@Service
public class RunEdits {

  private final RunRecorder recorder;
  private final Executions executions;

  RunEdits(RunRecorder recorder, Executions executions) {
    this.recorder = recorder;
    this.executions = executions;
  }

  /**
   * Changes what is not null. A run and its place in the queue change in one commit.
   *
   * @throws Failure.NotFound if there is no such run
   * @throws Failure.Conflict if its priority would change and it is not QUEUED
   * @throws Failure.Invalid if the name or the priority is out of its limits
   */
  @Transactional
  public void edit(
      UUID id, @Nullable String name, @Nullable Set<String> tags, @Nullable Integer priority) {
    Run run = recorder.locked(id);
    RunSpec before = run.spec();
    run.edit(
        name == null ? before.name() : name,
        tags == null ? Set.copyOf(run.tags()) : tags,
        priority == null ? before.priority() : priority);
    if (run.spec().priority() != before.priority()) {
      executions.prioritize(run);
    }
  }
}
