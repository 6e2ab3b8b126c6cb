package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that ended.
 *
 * @param exit its exit code
 * @param output what it said, errors among it
 */
public record Program(int exit, String output) {

  /** Runs it in a directory, with these variables besides this process's, to its end. */
  public static Program run(Path directory, Map<String, String> variables, List<String> command)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(variables);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Program(process.waitFor(), output);
  }

  /** What it said, without the last line's end; fails where it failed. */
  public String succeeded() {
    assertThat(exit).as(output).isZero();
    return output.stripTrailing();
  }
}
