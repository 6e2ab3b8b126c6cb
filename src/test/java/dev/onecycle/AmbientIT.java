package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.testing.Contract;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The service does the same wherever it is started: in languages with digits or letters of their
 * own, in strange time zones and folders, for a user without a home or a temporary directory, and
 * whatever that user's files may be read by.
 */
class AmbientIT {

  private static final String API = "/api/v1";

  /** Begins the command in a folder, as a user who keeps from others what the mask says. */
  private static final String SHELL = "umask $0 && cd -- \"$1\" && shift && exec \"$@\"";

  @TempDir private Path home;
  @TempDir private Path folders;

  @Test
  void arabicDigitsAndNoPlaceForFiles() throws Exception {
    Path spaced = Files.createDirectory(folders.resolve("a b'c\"%2e$HOME;"));
    trainsAndPredicts(
        List.of("077", spaced.toString()),
        environment("Asia/Kathmandu", "/proc/none"),
        List.of(
            "-Duser.language=ar",
            "-Duser.country=EG",
            "-Djava.io.tmpdir=/proc/none",
            "-Duser.home=/proc/none"));
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> shared =
          files.filter(file -> !file.equals(home)).filter(AmbientIT::mayBeReadByOthers).toList();
      assertThat(shared).isEmpty();
    }
    assertThat(spaced).as("it leaves nothing where it was started").isEmptyDirectory();
  }

  /** A home that nobody, root included, can write to. */
  @Test
  @Tag("proof")
  void turkishLettersATimeZoneThatIsNoneAndAHomeToReadOnly() throws Exception {
    trainsAndPredicts(
        List.of("0", "/proc/self"),
        environment("No/Where", "/proc"),
        List.of(
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Dfile.encoding=COMPAT",
            "-Djava.io.tmpdir=/proc",
            "-Duser.home=/proc"));
  }

  private static Map<String, String> environment(String zone, String userHome) {
    return Map.of(
        "TZ", zone, "LC_ALL", "C", "HOME", userHome, "TMPDIR", userHome, "DJL_OFFLINE", "true");
  }

  private static boolean mayBeReadByOthers(Path file) {
    try {
      return !Files.isSymbolicLink(file)
          && Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException e) {
      return false; // it went meanwhile
    }
  }

  /**
   * @param place the mask and the folder
   */
  private void trainsAndPredicts(
      List<String> place, Map<String, String> environment, List<String> flags) throws Exception {
    List<String> all = new ArrayList<>(flags);
    all.add("-D%s=%s".formatted(Contract.DOCUMENT, Path.of(Contract.DOCUMENT).toAbsolutePath()));
    List<String> launcher = new ArrayList<>(List.of("sh", "-c", SHELL));
    launcher.addAll(place);
    try (ServiceProcess service =
        ServiceProcess.start(launcher, AmbientMain.class, home, environment, all, List.of())) {
      Http http = service.http();
      String dataset =
          made(http.post(API + "/datasets", Map.of("source", Map.of("type", "sample"))));
      ends(http, API + "/datasets/" + dataset, "READY");
      Map<String, Object> small =
          Map.of(
              "phases[0].epochs",
              1,
              "phases[0].size",
              32,
              "itemSize",
              32,
              "phases[0].batchSize",
              64);
      Map<String, Object> request =
          Map.of("dataset", dataset, "recipe", "smoke", "overrides", small);
      String run = API + "/runs/" + made(http.post(API + "/runs", request));
      JsonNode ended = ends(http, run, "SUCCEEDED");
      String weights = API + "/checkpoints/" + ended.get("checkpoint").asString();
      byte[] picture = PictureEncoder.png(new Picture(40, 40, new byte[40 * 40 * 3]));
      Answer answer = http.post(weights + "/predictions?tta=4", "image/png", picture);
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(http.get(run + "/epochs", "Accept", "text/plain").text())
          .containsPattern("\n0 +\\d\\.\\d{6}");
      Answer refused = http.get(API + "/runs?limit=0", "Accept-Language", "ar");
      assertThat(refused.json().get("detail").asString()).isEqualTo("limit: 0 < minimum 1");
      assertThat(service.log()).doesNotContain(" ERROR ");
    }
  }

  private static String made(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    return answer.json().get("id").asString();
  }

  private static JsonNode ends(Http http, String path, String state) {
    return await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> http.get(path).json(),
            shown -> List.of(state, "FAILED").contains(shown.get("state").asString()));
  }
}
