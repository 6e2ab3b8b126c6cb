package dev.onecycle.run;

import static org.awaitility.Awaitility.await;

import dev.onecycle.run.history.RunEpochs;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** A server that can do runs of the kind "count". */
public abstract class CountingServer extends OpenServer {

  private static final JsonMapper MAPPER = new JsonMapper();

  @Autowired protected RunQueue queue;
  @Autowired protected Runs runs;
  @Autowired protected RunEvents events;
  @Autowired protected RunEpochs epochs;
  @Autowired RunRecorder recorder;
  @Autowired private CountingWork counting;
  @Autowired protected JdbcClient jdbc;

  protected UUID submit(String recipe, String... tags) {
    return submit(recipe, 0, tags);
  }

  protected UUID submit(String recipe, int priority, String... tags) {
    return queue
        .submit(spec(priority), MAPPER.readTree(recipe), Set.copyOf(Arrays.asList(tags)))
        .id();
  }

  protected RunSpec spec(int priority) {
    return new RunSpec(CountingWork.KIND, dataset(), 42, "a run", priority);
  }

  /** A dataset's row: nothing reads its pictures here. */
  protected UUID dataset() {
    return Rows.dataset(jdbc, "READY");
  }

  protected UUID dataset(String state) {
    return Rows.dataset(jdbc, state);
  }

  /** Lets a gated run do so many epochs. */
  protected void open(UUID run, int epochs) {
    counting.open(run, epochs);
  }

  protected int executions(UUID run) {
    return counting.executions(run);
  }

  protected void awaitState(UUID run, RunState state) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> run(run).state() == state);
  }

  protected Run run(UUID id) {
    return runs.withTransitions(id).orElseThrow();
  }

  protected List<RunState> states(UUID id) {
    return run(id).transitions().stream().map(Transition::state).toList();
  }

  protected List<RunEvent> events(UUID id) {
    return events.after(id, 0, Limit.unlimited());
  }
}
