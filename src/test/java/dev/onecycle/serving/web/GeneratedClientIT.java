package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** A client generated from docs/openapi.json compiles, and gets the answers that HTTP gets. */
@Tag("proof")
class GeneratedClientIT extends OpenServer {

  private static final String NAME = "asked-by-a-client";

  @TempDir private Path folder;
  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  @Test
  void theClientPredicts() throws Exception {
    var written =
        store.write(States.manifest(List.of("ant", "bee", "cat"), null), States.xresnet18(3, 9));
    http().put("/api/v1/models/" + NAME, Map.of("checkpoint", checkpoints.save(written).id()));
    byte[] picture = Drawings.png(160, 120, false);

    String said = client(Files.write(folder.resolve("picture.png"), picture));

    String query = "/api/v1/models/" + NAME + "/predictions?tta=flip&topK=3";
    Answer answer = http().post(query, "image/png", picture);
    assertThat(said.lines())
        .isEqualTo(
            answer.json().get("predictions").valueStream().map(GeneratedClientIT::line).toList());
  }

  private static String line(JsonNode ranked) {
    return ranked.get("label").asString() + "  " + ranked.get("probability").asDouble();
  }

  /** Generates, compiles and runs the client in src/test/client; what it printed. */
  private String client(Path picture) throws Exception {
    Path said = folder.resolve("said");
    String arguments = "%s none %s %s".formatted(http().uri(""), NAME, picture);
    Process maven =
        new ProcessBuilder(
                "./mvnw",
                "-B",
                "-q",
                "-ntp",
                "-f",
                "src/test/client",
                "compile",
                "exec:java",
                "-Dexec.args=" + arguments)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int exit = maven.waitFor();
    String output = Files.readString(said, StandardCharsets.UTF_8);
    assertThat(exit).as(output).isZero();
    return output.replaceAll("(?m)^(#.*|.*\\u001b.*)?(\\R|\\z)", "").strip();
  }
}
