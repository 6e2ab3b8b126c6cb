package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/onecycle} with a stand-in for {@code java} that tells what it was started with. */
class LauncherTest {

  @TempDir private Path machine;
  private Path bin;

  @BeforeEach
  void anInstallation() throws Exception {
    bin = Files.createDirectories(machine.resolve("an installation/bin"));
    for (String file : List.of("environment", "onecycle")) {
      Files.copy(Path.of("bin", file), bin.resolve(file));
    }
    Path java = Files.createDirectories(machine.resolve("jdk/bin")).resolve("java");
    Files.writeString(
        java, "#!/bin/sh\nenv | grep -E '^(MALLOC_|DJL_)' | sort\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void startsTheJarWithTheSettingsOfTheBuild() throws Exception {
    Path jar = Files.createFile(bin.resolve("onecycle.jar"));

    List<String> expected = new ArrayList<>(environmentInPom());
    expected.addAll(flagsInPom());
    expected.addAll(List.of("-jar", jar.toString(), "--server.port=0", "two words"));
    assertThat(onecycle("--server.port=0", "two words")).isEqualTo(expected);
  }

  @Test
  void saysHowToBuildAMissingJar() throws Exception {
    assertThat(onecycle()).hasSize(1).first().asString().contains("./mvnw -DskipTests package");
  }

  private List<String> onecycle(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(bin.resolve("onecycle").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("MALLOC_"));
    builder.environment().keySet().removeAll(List.of("DJL_OFFLINE", "ONECYCLE_JAR"));
    builder.environment().put("JAVA_HOME", machine.resolve("jdk").toString());
    Process process = builder.start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return new String(output, StandardCharsets.UTF_8).lines().toList();
  }

  private static List<String> flagsInPom() throws Exception {
    String flags = between(Files.readString(Path.of("pom.xml")), "<jvm.flags>", "</jvm.flags>");
    return List.of(flags.split(" ", -1));
  }

  /** What {@code spring-boot:run} and the tests set, as NAME=value, sorted. */
  private static List<String> environmentInPom() throws Exception {
    String pom = Files.readString(Path.of("pom.xml"));
    return between(pom, "<environmentVariables>", "</environmentVariables>")
        .strip()
        .lines()
        .map(line -> line.strip().replaceAll("<(\\w+)>(.*)</\\w+>", "$1=$2"))
        .sorted()
        .toList();
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
