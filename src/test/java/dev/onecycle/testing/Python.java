package dev.onecycle.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The Python that tests compare with: {@code python3}, or the one that ONECYCLE_PYTHON names. */
public final class Python {

  private static final String NAME = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");

  private Python() {}

  /** Skips the test, saying why, unless there is one with these modules. */
  public static void require(String... modules) throws InterruptedException {
    assumeTrue(
        has(modules),
        NAME
            + " has not all of "
            + String.join(", ", modules)
            + ": pip install them, or name another Python in ONECYCLE_PYTHON");
  }

  /** Returns whether there is one with these modules. */
  public static boolean has(String... modules) throws InterruptedException {
    String named =
        List.of(modules).stream().map(m -> "'" + m + "'").collect(Collectors.joining(","));
    String script =
        "from importlib.util import find_spec;exit(None in map(find_spec, (" + named + ",)))";
    try {
      return Program.run(Path.of("."), Map.of(), List.of(NAME, "-c", script)).exit() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a script of {@code src/test/python} and returns what it said. */
  public static String run(String script, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(NAME, "src/test/python/" + script));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return Program.run(Path.of("."), Map.of(), command).succeeded();
  }
}
