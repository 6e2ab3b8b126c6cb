package dev.onecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.image.Picture;
import dev.onecycle.image.PictureEncoder;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The service does the same wherever it is started: in languages with digits or letters of their
 * own, in strange time zones, without a home or a temporary directory.
 */
class AmbientIT {

  private static final String API = "/api/v1";
  private static final List<String> NOWHERE =
      List.of("-Djava.io.tmpdir=/proc/none", "-Duser.home=/proc/none");

  @TempDir private Path home;

  @Test
  void arabicDigitsAndNoPlaceForFiles() throws Exception {
    trainsAndPredicts("Asia/Kathmandu", "-Duser.language=ar", "-Duser.country=EG");
  }

  @Test
  @Tag("proof")
  void turkishLettersAndATimeZoneThatIsNone() throws Exception {
    trainsAndPredicts(
        "No/Where", "-Duser.language=tr", "-Duser.country=TR", "-Dfile.encoding=COMPAT");
  }

  private void trainsAndPredicts(String zone, String... flags) throws Exception {
    List<String> all = new ArrayList<>(NOWHERE);
    all.addAll(List.of(flags));
    Map<String, String> environment = Map.of("TZ", zone, "LC_ALL", "C", "DJL_OFFLINE", "true");
    try (ServiceProcess service =
        ServiceProcess.start(AmbientMain.class, home, environment, all, List.of())) {
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
