package dev.onecycle.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, by its command line. */
public final class Docker {

  private static final Path HERE = Path.of("").toAbsolutePath();

  private static String image;

  private Docker() {}

  /** Whether an engine answers. */
  public static boolean isHere() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Skips a test aloud where no engine answers. */
  public static void require() {
    String missing = "skipped, as no Docker answers: everything about images and containers";
    if (!isHere()) {
      System.out.println(missing);
    }
    assumeTrue(isHere(), missing);
  }

  /** The image for processors with the jar of this build; built once a JVM. */
  public static synchronized String image() throws IOException, InterruptedException {
    if (image == null) {
      String name = "onecycle:test";
      if (!Files.exists(HERE.resolve("target/onecycle.jar"))) {
        throw new IllegalStateException("no target/onecycle.jar: run ./mvnw -DskipTests package");
      }
      build("--build-arg=JAR=built", "--tag=" + name, ".");
      image = name;
    }
    return image;
  }

  /** Builds an image; with the network of the host, as some machines reach no other. */
  public static void build(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("build", "--quiet", "--network=host"));
    all.addAll(List.of(arguments));
    run(Map.of("DOCKER_BUILDKIT", "1"), all);
  }

  /** What {@code docker} says; fails where it fails. */
  public static String run(String... arguments) throws IOException, InterruptedException {
    return run(Map.of(), List.of(arguments));
  }

  private static String run(Map<String, String> variables, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(arguments);
    return Program.run(HERE, variables, command).succeeded();
  }
}
