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
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/onecycle} with a stand-in for {@code java} that tells what it was started with. */
class LauncherTest {

  /**
   * Unpacks and records as the real one, into small files, and notes that it did. When it records,
   * it is a service that is asked whether it is ready, and ends when it is told to.
   */
  private static final String JAVA =
      """
      #!/bin/sh
      case " $* " in
        *" --version "*) cat '%1$s/version' ;;
        *" extract "*)
          echo unpacked >>'%1$s/done'
          while [ "$1" != --destination ]; do shift; done
          mkdir -p "$2/lib" && echo classes >"$2/onecycle.jar" && echo others >"$2/lib/other.jar" ;;
        *" -XX:ArchiveClassesAtExit="* | *" -XX:AOTCacheOutput="*)
          echo recorded >>'%1$s/done'
          for flag; do
            case $flag in -XX:ArchiveClassesAtExit=* | -XX:AOTCacheOutput=*) archive=${flag#*=} ;; esac
          done
          trap 'cat "%1$s/archive" >"$archive"; exit 143' TERM
          echo 'Tomcat started on port %2$d (http)'
          while :; do sleep 0.01; done ;;
        *) env | grep -E '^(MALLOC_|GLIBC_|DJL_)' | sort; printf '%%s\\n' "$@" ;;
      esac
      """;

  /** Two Javas as they call themselves; the later one can link classes ahead. */
  private static final String JAVA_17 = "openjdk 17.0.1 2021-10-19";

  private static final String JAVA_25 = "openjdk 25.0.1 2025-10-21 LTS";

  private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
  private static final String AS_IT_IS = "starting it as it is";

  private static final List<String> FILES =
      List.of("environment", "health", "onecycle", "prepare", "record");

  @TempDir private Path machine;
  private Path bin;
  private Path jar;
  private String path = System.getenv("PATH");
  private HttpServer recorded;

  @BeforeEach
  void anInstallation() throws Exception {
    bin = Files.createDirectories(machine.resolve("an installation/bin"));
    for (String file : FILES) {
      Files.copy(Path.of("bin", file), bin.resolve(file));
    }
    Path java = Files.createDirectories(machine.resolve("jdk/bin")).resolve("java");
    recorded = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    recorded.createContext("/actuator/health/readiness", LauncherTest::ready);
    recorded.start();
    Files.writeString(java, JAVA.formatted(machine, recorded.getAddress().getPort()));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(machine.resolve("version"), JAVA_17);
    Files.writeString(machine.resolve("archive"), "an archive");
    Files.createFile(machine.resolve("done"));
    jar = Files.writeString(bin.resolve("onecycle.jar"), "a jar");
  }

  private static void ready(HttpExchange asked) throws IOException {
    asked.sendResponseHeaders(200, -1);
    asked.close();
  }

  @AfterEach
  void nobodyRecords() {
    recorded.stop(0);
  }

  @Test
  void startsTheJarWithTheSettingsOfTheBuild() throws Exception {
    onecycle(); // The first start also says that it prepares.

    Path unpacked = only("onecycle.jar", bin.resolve("onecycle-fast"));
    List<String> expected = new ArrayList<>(environmentInPom());
    expected.addAll(flagsInPom());
    // In the jar's manifest; as a flag it would hinder class-data sharing.
    assertThat(expected.remove(NATIVE_ACCESS)).isTrue();
    expected.add("-XX:SharedArchiveFile=" + archiveIn(unpacked.getParent(), ".jsa"));
    expected.addAll(List.of("-jar", unpacked.toString(), "--server.port=0", "two words"));
    assertThat(onecycle("--server.port=0", "two words")).isEqualTo(expected);
  }

  @Test
  void takesLinkedClassesFromJava25On() throws Exception {
    Files.writeString(machine.resolve("version"), JAVA_25);
    startedTwice();
    Path folder = only("used", bin.resolve("onecycle-fast")).getParent();

    assertThat(onecycle())
        .contains("-XX:AOTCache=" + archiveIn(folder, ".aot"))
        .noneMatch(flag -> flag.contains("SharedArchiveFile"));
  }

  @Test
  void makesKeysAndTheirHashesWithoutAJar() throws Exception {
    Files.delete(jar);

    List<String> first = onecycle("new-key");
    assertThat(first).hasSize(2);
    String key = first.get(0).replaceFirst("key +", "");
    assertThat(key).matches("onecycle_[A-Za-z0-9_-]{43}");
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    assertThat(first.get(1)).isEqualTo("sha256  " + HexFormat.of().formatHex(digest));
    assertThat(onecycle("new-key").get(0)).isNotEqualTo(first.get(0));
  }

  @Test
  void saysHowToBuildAMissingJar() throws Exception {
    Files.delete(jar);

    assertThat(onecycle()).hasSize(1).first().asString().contains("./mvnw -DskipTests package");
  }

  @Test
  void preparesOnceAlsoForTwoStartsAtATime() throws Exception {
    Process first = process().start();
    Process second = process().start();
    assertThat(List.of(first.waitFor(), second.waitFor())).containsOnly(0);
    onecycle();

    assertThat(Files.readAllLines(machine.resolve("done"))).containsExactly("unpacked", "recorded");
  }

  /** It has neither flock nor sha256sum, and find and readlink without some flags. */
  @Test
  void takesTheToolsOfMacOs() throws Exception {
    ToolFolder tools = new ToolFolder(machine.resolve("tools"));
    tools.offer("sh cat cut dirname basename head tail base64 tr sed sort wc grep env".split(" "));
    tools.offer("mkdir mktemp mv rm sleep perl".split(" "));
    tools.offer("find", "case \" $* \" in *' -printf '*) exit 1 ;; esac");
    tools.offer("readlink", "case \" $* \" in *' -f '*) exit 1 ;; esac");
    tools.script("shasum", "[ \"$*\" = '-a 256' ] && " + ToolFolder.find("sha256sum"));
    path = tools.path().toString();

    preparesOnceAlsoForTwoStartsAtATime();
    assertThat(onecycle()).noneMatch(line -> line.contains(AS_IT_IS));
    anotherJarTakesThePlaceOfTheFirst();
    makesKeysAndTheirHashesWithoutAJar();
  }

  @Test
  void anotherJavaIsRecordedBesideTheFirst() throws Exception {
    onecycle();
    Files.writeString(machine.resolve("version"), JAVA_25);
    onecycle();
    Files.writeString(machine.resolve("version"), JAVA_17);
    onecycle();

    assertThat(Files.readAllLines(machine.resolve("done")))
        .filteredOn("recorded"::equals)
        .hasSize(2);
  }

  @Test
  void anotherJarTakesThePlaceOfTheFirst() throws Exception {
    onecycle();
    Path old = only("onecycle.jar", bin.resolve("onecycle-fast"));
    Files.writeString(jar, "another jar");
    onecycle();

    assertThat(old).doesNotExist();
    assertThat(only("onecycle.jar", bin.resolve("onecycle-fast"))).isNotEqualTo(old);
  }

  @Test
  void whatIsDamagedIsMadeAnew() throws Exception {
    List<String> out = startedTwice();
    for (String damaged : List.of("other.jar", "onecycle.jar")) {
      Path file = only(damaged, bin.resolve("onecycle-fast"));
      Files.delete(file);
      onecycle();
      assertThat(file).exists();
    }
    Files.writeString(
        archiveIn(only("used", bin.resolve("onecycle-fast")).getParent(), ".jsa"), "half");
    onecycle();

    assertThat(Files.readAllLines(machine.resolve("done")))
        .filteredOn("recorded"::equals)
        .hasSize(4);
    assertThat(onecycle()).isEqualTo(out);
  }

  @Test
  void usesTheCacheWhereThereIsNoWritingBesideTheJar() throws Exception {
    Files.createFile(bin.resolve("onecycle-fast"));

    assertThat(onecycle()).contains(only("onecycle.jar", machine.resolve("cache")).toString());
  }

  @Test
  void startsTheJarAsItIsWhereNothingCanBeWritten() throws Exception {
    Files.createFile(bin.resolve("onecycle-fast"));
    Files.createFile(machine.resolve("cache"));

    assertThat(onecycle())
        .anyMatch(line -> line.contains(AS_IT_IS))
        .endsWith("-jar", jar.toString());
  }

  @Test
  void startsTheJarAsItIsWhenItCannotBeRecorded() throws Exception {
    Files.delete(machine.resolve("archive"));

    assertThat(onecycle())
        .anyMatch(line -> line.contains(AS_IT_IS))
        .endsWith("-jar", jar.toString());
    try (Stream<Path> left = Files.list(bin.resolve("onecycle-fast"))) {
      assertThat(left).noneMatch(path -> path.toString().contains("preparing"));
    }
  }

  private List<String> startedTwice() throws Exception {
    onecycle();
    return onecycle();
  }

  private List<String> onecycle(String... arguments) throws Exception {
    Process process = process(arguments).start();
    byte[] output = process.getInputStream().readAllBytes();
    process.waitFor();
    return new String(output, StandardCharsets.UTF_8).lines().toList();
  }

  private ProcessBuilder process(String... arguments) {
    List<String> command = new ArrayList<>(List.of(bin.resolve("onecycle").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("MALLOC_"));
    environment.keySet().removeAll(List.of("GLIBC_TUNABLES", "DJL_OFFLINE", "ONECYCLE_JAR"));
    environment.put("PATH", path);
    environment.put("JAVA_HOME", machine.resolve("jdk").toString());
    environment.put("XDG_CACHE_HOME", machine.resolve("cache").toString());
    return builder;
  }

  private static Path only(String name, Path below) throws Exception {
    try (Stream<Path> files = Files.walk(below)) {
      List<Path> named = files.filter(file -> file.endsWith(name)).toList();
      assertThat(named).hasSize(1);
      return named.get(0);
    }
  }

  private static Path archiveIn(Path folder, String kind) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(kind)).findFirst().orElseThrow();
    }
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
