package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.run.ServiceMain;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.ServiceProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A million pictures of ten thousand labels, through the whole service. */
@Tag("proof")
class MillionPicturesIT {

  private static final int PICTURES = 1_000_000;

  @TempDir Path temporary;

  private static JsonNode page(Http http, String query) {
    return http.get(query).json().get("items");
  }

  @Test
  void areImportedInTenMinutesAndLessThanAGigabyteOfHeap() throws Exception {
    Path work = temporary.toRealPath();
    Path pictures = work.resolve("pictures");
    TinyPictures.write(pictures, PICTURES, 10_000, TinyPictures::noise);
    try (ServiceProcess service =
        ServiceProcess.start(
            ServiceMain.class,
            Files.createDirectories(work.resolve("home")),
            Map.of(),
            List.of("-Xmx1000m", "-XX:TieredStopAtLevel=4"),
            List.of("--onecycle.dataset.roots=" + pictures))) {
      Http http = service.http();
      Map<String, ?> source = Map.of("type", "directory", "path", pictures.toString());
      long begun = System.nanoTime();
      String path = http.post("/api/v1/datasets", Map.of("source", source)).header("Location");
      await()
          .pollInterval(Duration.ofSeconds(1))
          .atMost(Duration.ofMinutes(10))
          .until(() -> !http.get(path).json().get("state").asString().equals("IMPORTING"));
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      JsonNode dataset = http.get(path).json();
      assertThat(dataset.get("state").asString()).as(dataset.toString()).isEqualTo("READY");
      assertThat(dataset.get("pictures").asInt()).isEqualTo(PICTURES);
      assertThat(dataset.get("labelCount").asInt()).isEqualTo(10_000);
      assertThat(http.get(path + "/audit").status()).isEqualTo(200);
      assertThat(page(http, path + "/images?limit=500&cursor=999500")).hasSize(500);
      assertThat(page(http, path + "/images?limit=500&label=class-09999&split=valid"))
          .hasSizeBetween(1, 99);
      assertThat(http.get(path + "/images/999999?size=64").status()).isEqualTo(200);
      assertThat(http.delete(path).status()).isEqualTo(204);
      System.out.printf("a million pictures were imported in %d s%n", took.toSeconds());
    }
  }
}
