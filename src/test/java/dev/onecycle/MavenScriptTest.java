package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.onecycle.testing.ToolFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mvnw} on a machine with and without Maven, in a project whose path has spaces. */
class MavenScriptTest {

  /** Everything that the script may call, except Maven. */
  private static final String TOOLS =
      "sh cat cut dirname mkdir mktemp mv rm sed sort tar gzip sha512sum shasum curl wget";

  private record Outcome(int exit, String output) {}

  @TempDir private Path machine;
  private Path project;
  private ToolFolder tools;
  private Path distribution;
  private HttpServer server;

  @BeforeEach
  void aProjectThatPinsATinyDistribution() throws Exception {
    project = Files.createDirectories(machine.resolve("a project/.mvn")).getParent();
    Files.copy(Path.of("mvnw"), project.resolve("mvnw"));
    tools = new ToolFolder(machine.resolve("tools"));
    tools.offer(TOOLS.split(" "));
    distribution = pack();
    byte[] sha512 = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(distribution));
    pin(HexFormat.of().formatHex(sha512));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void fetchesThePinnedMavenOnce() throws Exception {
    assertThat(mvnw("-B", "verify")).isEqualTo(new Outcome(0, "pinned -B verify\n"));

    Files.delete(distribution);

    assertThat(mvnw("two words")).isEqualTo(new Outcome(0, "pinned two words\n"));
  }

  @Test
  void refusesADistributionThatIsNotThePinnedOne() throws Exception {
    pin("0".repeat(128));

    assertThat(mvnw("verify")).isEqualTo(new Outcome(1, ""));
    assertThat(errors()).contains("has the SHA-512").contains("it is not used");
    assertThat(machine.resolve("a home/.m2/distributions")).isEmptyDirectory();
  }

  @Test
  void saysWhatToDoWhenItCannotFetch() throws Exception {
    Files.delete(distribution);

    assertThat(mvnw("verify")).isEqualTo(new Outcome(1, ""));
    assertThat(errors()).contains("install Maven 3.6.3 or newer");
    assertThat(machine.resolve("a home/.m2/distributions")).isEmptyDirectory();
  }

  @Test
  void prefersAnInstalledMaven() throws Exception {
    maven(tools.path().resolve("mvn"), "installed", "3.10.0");

    assertThat(mvnw("verify")).isEqualTo(new Outcome(0, "installed verify\n"));
  }

  @Test
  void passesOverAnInstalledMavenThatIsTooOld() throws Exception {
    maven(tools.path().resolve("mvn"), "installed", "3.6.2");

    assertThat(mvnw("verify")).isEqualTo(new Outcome(0, "pinned verify\n"));
  }

  /** Nobody here can run it. */
  @Test
  void theOneForWindowsReadsThePinsOfTheOther() throws IOException {
    String script = Files.readString(Path.of("mvnw.cmd"));
    try (Stream<String> pins = Files.lines(Path.of(".mvn/maven.properties"))) {
      assertThat(pins.filter(line -> !line.startsWith("#")).map(line -> line.split("=", 2)[0]))
          .isNotEmpty()
          .allSatisfy(pin -> assertThat(script).contains("%" + pin + "%"));
    }
    assertThat(script.lines()).allMatch(line -> script.contains(line + "\r\n"));
  }

  private Outcome mvnw(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(project.resolve("mvnw").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(machine.toFile());
    builder.redirectError(machine.resolve("errors").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", tools.path().toString());
    builder.environment().put("HOME", machine.resolve("a home").toString());
    builder
        .environment()
        .put("MAVEN_DISTRIBUTION_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private String errors() throws IOException {
    return Files.readString(machine.resolve("errors"));
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (Files.exists(distribution)) {
        exchange.sendResponseHeaders(200, Files.size(distribution));
        Files.copy(distribution, exchange.getResponseBody());
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void pin(String sha512) throws IOException {
    Files.writeString(
        project.resolve(".mvn/maven.properties"),
        "minimum=3.6.3\nversion=9.9.9\nurl=http://127.0.0.1:1\nsha512=" + sha512 + "\n");
  }

  private Path pack() throws Exception {
    Path bin = Files.createDirectories(machine.resolve("apache-maven-9.9.9/bin"));
    maven(bin.resolve("mvn"), "pinned", "9.9.9");
    Path archive = machine.resolve("maven.tar.gz");
    ProcessBuilder tar =
        new ProcessBuilder("tar", "-czf", archive.toString(), "apache-maven-9.9.9");
    assertThat(tar.directory(machine.toFile()).inheritIO().start().waitFor()).isZero();
    return archive;
  }

  private static void maven(Path path, String name, String version) throws IOException {
    ToolFolder.script(
        path,
        "if [ \"$1\" = --version ]; then echo 'Apache Maven %s (abc)'; else echo %s \"$@\"; fi"
            .formatted(version, name));
  }
}
