package dev.onecycle.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.util.FileSystemUtils;

/**
 * From the command to the answer that the service is ready: {@code java -jar} beside {@code
 * bin/onecycle}, on a home that has been used before. Each is started once a round, which gives the
 * time that passed and the time that processors worked for it, in user and kernel mode.
 */
final class StartBench implements Benchmark {

  private static final Path JAR = Path.of("target/onecycle.jar");
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin/java").toString();

  private final Path home;
  private double worked;

  StartBench() throws IOException {
    if (!Files.exists(JAR)) {
      throw new IllegalStateException("no " + JAR + ": run ./mvnw -DskipTests package");
    }
    home = Files.createTempDirectory("onecycle-start");
  }

  @Override
  public String unit() {
    return "s";
  }

  @Override
  public List<Variant> variants() {
    return List.of(
        new Variant("java -jar: to readiness", () -> start(JAVA, "-jar", JAR.toString())),
        new Variant("java -jar: of processors", () -> worked),
        new Variant("bin/onecycle: to readiness", () -> start("bin/onecycle")),
        new Variant("bin/onecycle: of processors", () -> worked));
  }

  private double start(String... command) throws Exception {
    int port = freePort();
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--onecycle.home=" + home, "--server.port=" + port));
    Path log = home.resolve("log");
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    long start = System.nanoTime();
    Process service = builder.redirectOutput(log.toFile()).start();
    try {
      awaitReadiness(service, port, log);
      double passed = (System.nanoTime() - start) / 1e9;
      worked = service.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
      return passed;
    } finally {
      service.destroy();
      if (!service.waitFor(1, TimeUnit.MINUTES)) {
        service.destroyForcibly().waitFor();
      }
    }
  }

  private static void awaitReadiness(Process service, int port, Path log) throws Exception {
    URI readiness = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
    Instant latest = Instant.now().plus(PATIENCE);
    while (!answers(readiness)) {
      if (!service.isAlive() || Instant.now().isAfter(latest)) {
        throw new IllegalStateException("not ready:\n" + Files.readString(log));
      }
      Thread.sleep(20);
    }
  }

  private static boolean answers(URI address) {
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false; // It does not listen yet.
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    FileSystemUtils.deleteRecursively(home);
  }
}
