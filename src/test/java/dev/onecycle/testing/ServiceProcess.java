package dev.onecycle.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service, or a class that starts it, as a process that a test talks to, stops and kills. */
public final class ServiceProcess implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);

  private final Process process;
  private final Path said;
  private Http http;

  private ServiceProcess(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /** As the one below, started by this process and nothing in between. */
  public static ServiceProcess start(
      Class<?> main,
      Path home,
      Map<String, String> environment,
      List<String> flags,
      List<String> arguments)
      throws IOException {
    return start(List.of(), main, home, environment, flags, arguments);
  }

  /**
   * Starts a process with the class path of this one; {@link #http} waits until it is up.
   *
   * @param launcher what starts the command that it is given, such as a shell
   * @param flags of the JVM
   * @param arguments of {@code main}
   */
  public static ServiceProcess start(
      List<String> launcher,
      Class<?> main,
      Path home,
      Map<String, String> environment,
      List<String> flags,
      List<String> arguments)
      throws IOException {
    Path said = Files.createTempFile(home, "said-", ".log");
    List<String> command = new ArrayList<>(launcher);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0"));
    command.addAll(flags);
    command.add(main.getName());
    command.addAll(List.of("--onecycle.home=" + home, "--server.port=0"));
    command.addAll(List.of("--onecycle.torch.threads=1", "--onecycle.worker.data-threads=1"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(said.toFile());
    return new ServiceProcess(builder.start(), said);
  }

  /** A client of it, once it listens. */
  public Http http() {
    if (http == null) {
      http = new Http(Integer.parseInt(hear("port ", 0)));
    }
    return http;
  }

  /** Its number on this machine. */
  public long pid() {
    return process.pid();
  }

  /** Writes a line to it. */
  public void tell(String line) {
    new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8).println(line);
  }

  /** What it says after that word for the {@code nth} time, from 0, at the start of a line. */
  public String hear(String word, int nth) {
    return await()
        .atMost(START)
        .failFast("the process ended: see " + said, () -> !process.isAlive())
        .until(() -> heard(word), lines -> lines.size() > nth)
        .get(nth);
  }

  private List<String> heard(String word) throws IOException {
    return log()
        .lines()
        .filter(line -> line.startsWith(word))
        .map(line -> line.substring(word.length()))
        .toList();
  }

  /** Everything that it said. */
  public String log() throws IOException {
    return Files.readString(said);
  }

  /** Sends a signal such as STOP. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  /** Asks it to end and answers its exit value; throws where it does not end in a minute. */
  public int end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("it does not end: see " + said);
    }
    return process.exitValue();
  }

  /** Ends it as a loss of power would. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
