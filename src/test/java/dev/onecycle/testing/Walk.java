package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The commands of docs/walk.md, as somebody would paste them into one shell. */
public final class Walk {

  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");
  private static final String SERVICE = "http://localhost:8080";

  private Walk() {}

  /** Walks from an empty service to a prediction and back, in {@code directory}. */
  public static void against(URI service, String key, Path directory) throws Exception {
    String commands =
        COMMANDS
            .matcher(Files.readString(Path.of("docs/walk.md")))
            .results()
            .map(block -> block.group(1))
            .collect(Collectors.joining());
    assertThat(commands).contains(SERVICE);
    String script = "set -euo pipefail\n" + commands.replace(SERVICE, service.toString());
    String output =
        Program.run(directory, Map.of("ONECYCLE_API_KEY", key), List.of("bash", "-c", script))
            .succeeded();

    assertThat(output.lines())
        .as(output)
        .anyMatch(line -> line.matches("epoch 2  accuracy 0\\.\\d+"))
        .anyMatch(line -> line.startsWith("epoch     train_loss"))
        .contains("\"shapes\"");
    assertThat(output.lines().filter(line -> line.matches("[a-z]+  \\d[.\\d]*(E-?\\d+)?")))
        .as(output)
        .hasSize(3);
    assertThat(directory.resolve("batch.png")).isNotEmptyFile();
  }
}
