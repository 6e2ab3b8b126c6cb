package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerNetwork;
import dev.onecycle.testing.Dashboard;
import dev.onecycle.testing.Docker;
import dev.onecycle.testing.Walk;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * The image as it is delivered, on a PostgreSQL of its own: without a way to any other network, on
 * a disk that it cannot write to but for its home, as nobody in particular.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageIT {

  private static final String KEY = "the-key-of-a-test-is-as-long-as-a-real-one-is";

  private static final String PASSWORD = "known-to-nobody-outside";

  private static final String SCRAPE =
      "GET /actuator/prometheus HTTP/1.0\\r\\nAuthorization: Bearer " + KEY + "\\r\\n\\r\\n";

  private Network network;
  private GenericContainer<?> database;
  private GenericContainer<?> service;

  @TempDir private Path directory;

  @BeforeAll
  void start() throws Exception {
    Docker.require();
    network = Network.builder().createNetworkCmdModifier(cmd -> cmd.withInternal(true)).build();
    // Not a PostgreSQLContainer: that one wants to be reached from here.
    database =
        new GenericContainer<>("postgres:17")
            .withNetwork(network)
            .withNetworkAliases("database")
            .withEnv("POSTGRES_PASSWORD", PASSWORD)
            .waitingFor(Wait.forLogMessage(".*ready to accept connections.*\\s", 2));
    database.start();
    service =
        new GenericContainer<>(DockerImageName.parse(Docker.image()))
            .withNetwork(network)
            .withEnv(settings())
            .withTmpFs(Map.of("/tmp", ""))
            .withCreateContainerCmdModifier(ImageIT::confine)
            .waitingFor(Wait.forHealthcheck().withStartupTimeout(Duration.ofMinutes(3)));
    service.start();
  }

  private Map<String, String> settings() {
    return Map.of(
        "SPRING_DATASOURCE_URL",
        "jdbc:postgresql://database/postgres",
        "SPRING_DATASOURCE_USERNAME",
        "postgres",
        "SPRING_DATASOURCE_PASSWORD",
        PASSWORD,
        "ONECYCLE_TORCH_THREADS",
        "1",
        "SERVER_ADDRESS",
        "0.0.0.0",
        "ONECYCLE_SECURITY_KEYS_0_NAME",
        "test",
        "ONECYCLE_SECURITY_KEYS_0_ROLE",
        "admin",
        "ONECYCLE_SECURITY_KEYS_0_KEY",
        KEY);
  }

  private static void confine(CreateContainerCmd command) {
    Objects.requireNonNull(command.getHostConfig())
        .withReadonlyRootfs(true)
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges"));
  }

  @AfterAll
  void stop() {
    for (AutoCloseable part : new AutoCloseable[] {service, database, network}) {
      if (part != null) {
        assertThat(part).satisfies(AutoCloseable::close);
      }
    }
  }

  @Test
  void fromAnEmptyDatabaseToAPrediction() throws Exception {
    Walk.against(URI.create("http://" + address() + ":8080"), KEY, directory);

    Dashboard.requireItsMetricsIn(
        inside("exec 3<>/dev/tcp/localhost/8080; printf '" + SCRAPE + "' >&3; cat <&3"));
    if (inside("uname -m").contains("x86_64")) {
      assertThat(inside("cat /proc/1/maps")).contains("/opt/onecycle/native/libdnnl.so.3");
    }
  }

  /** Its own on the network: nothing is published of a container that reaches no other. */
  private String address() {
    return service.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
        .map(ContainerNetwork::getIpAddress)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void runsAsNobodyInParticularAndWritesToItsHomeOnly() throws Exception {
    assertThat(inside("id -u; id -g")).isEqualTo("10001\n10001\n");
    assertThat(inside("touch /opt/onecycle/new || true")).contains("Read-only file system");
    assertThat(inside("grep CapEff /proc/1/status")).contains("0000000000000000");
  }

  @Test
  void startsWithWhatTheBuildMadeReady() throws Exception {
    assertThat(inside("cat /proc/1/maps"))
        .contains("/opt/onecycle/onecycle.aot", "/opt/libtorch/libtorch_cpu.so");
    // Of one library JavaCPP keeps a copy under its second name, wherever it found it.
    assertThat(inside("cd /var/lib/onecycle/native && find . -size +8M ! -name '*_nolapack.so.0'"))
        .as("large libraries unpacked at the start")
        .isEmpty();
    assertThat(inside("tr '\\0' '\\n' </proc/1/environ")).contains("MALLOC_ARENA_MAX=1");
  }

  /** What a command says in the container. */
  private String inside(String command) throws Exception {
    var result = service.execInContainer("bash", "-c", command);
    return result.getStdout() + result.getStderr();
  }
}
