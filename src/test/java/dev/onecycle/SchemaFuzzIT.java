package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Program;
import dev.onecycle.testing.Rows;
import dev.onecycle.testing.SampleImport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The service against its own description, as schemathesis reads it: what the description allows is
 * not refused for its form, what it forbids is, and every answer is one that it knows. Needs a
 * Python with schemathesis, {@code python3} or the one that ONECYCLE_PYTHON names; skipped without.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaFuzzIT extends OpenServer {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");
  private static final Path CONFIGURATION =
      Path.of("src/test/python/contract.toml").toAbsolutePath();
  private static final String MODEL = "described";

  @Autowired private JdbcClient jdbc;
  @Autowired private Checkpoints checkpoints;
  @Autowired private CheckpointStore store;

  @Test
  void theServiceDoesAsItIsDescribed(CapturedOutput output) throws Exception {
    fuzz(output, List.of("--phases=coverage", "--max-time=6", "--seed=1"));
  }

  @Test
  @Tag("proof")
  void theServiceDoesAsItIsDescribedForLong(CapturedOutput output) throws Exception {
    fuzz(
        output,
        List.of("--phases=examples,coverage,fuzzing", "--max-time=300", "--max-examples=100"));
  }

  private void fuzz(CapturedOutput output, List<String> extent) throws Exception {
    Program present = Program.run(Path.of("."), Map.of(), python("--version"));
    assumeTrue(
        present.exit() == 0,
        PYTHON
            + " has no schemathesis: pip install schemathesis, or name another Python in"
            + " ONECYCLE_PYTHON");
    UUID checkpoint =
        checkpoints
            .save(store.write(States.manifest(List.of("ant", "bee"), null), States.xresnet18(2, 3)))
            .id();
    http().json("PUT", "/api/v1/models/" + MODEL, "{\"checkpoint\": \"" + checkpoint + "\"}");
    UUID run = Rows.run(jdbc);
    jdbc.sql("update run set state = 'SUCCEEDED' where id = ?").param(run).update();
    Map<String, String> existing =
        Map.of(
            "DATASET", SampleImport.into(http()).toString(),
            "RUN", run.toString(),
            "CHECKPOINT", checkpoint.toString(),
            "MODEL", MODEL);
    List<String> command = new ArrayList<>(python("--config-file=" + CONFIGURATION, "run"));
    command.addAll(
        List.of(
            http().uri("/v3/api-docs").toString(),
            "--continue-on-failure",
            "--no-shrink",
            "--no-color"));
    command.addAll(extent);
    Program.run(HOME, existing, command) // it leaves a folder where it runs
        .succeeded();
    assertThat(output.getOut()).doesNotContain(" ERROR ");
  }

  private static List<String> python(String... arguments) {
    List<String> command = new ArrayList<>(List.of(PYTHON, "-m", "schemathesis.cli"));
    command.addAll(List.of(arguments));
    return command;
  }
}
