package dev.onecycle;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, by its command line. */
final class Docker {

  private static final Path HERE = Path.of("").toAbsolutePath();

  private static String image;

  private Docker() {}

  /** Skips a test aloud where no engine answers. */
  static void require() {
    boolean here = DockerClientFactory.instance().isDockerAvailable();
    String missing = "skipped, as no Docker answers: everything about images and containers";
    if (!here) {
      System.out.println(missing);
    }
    assumeTrue(here, missing);
  }

  /** The image for processors with the jar of this build; built once a JVM. */
  static synchronized String image() throws IOException, InterruptedException {
    if (image == null) {
      String name = "onecycle:test";
      if (!Files.exists(HERE.resolve("target/onecycle.jar"))) {
        throw new IllegalStateException("no target/onecycle.jar: run ./mvnw -DskipTests package");
      }
      // The network of the host: some machines reach no other.
      run("build", "--quiet", "--network=host", "--build-arg=JAR=built", "--tag=" + name, ".");
      image = name;
    }
    return image;
  }

  /** What {@code docker} says; fails where it fails. */
  static String run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), arguments);
  }

  /** As {@link #run(String...)}, with these variables. */
  static String run(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    return program(variables, arguments).succeeded();
  }

  /** As {@link #run(Map, String...)}, and may fail. */
  static Program program(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return Program.run(HERE, variables, command);
  }
}
