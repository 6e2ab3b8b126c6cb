package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.platform.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The bundled pictures as a dataset of a server under test: 1,000 of ten shapes. */
public final class SampleImport {

  private SampleImport() {}

  /** Imports them and answers the dataset once it is READY. */
  public static UUID into(Http http) {
    Map<String, ?> wanted = Map.of("name", "shapes", "source", Map.of("type", "sample"));
    return ready(http, http.post("/api/v1/datasets", wanted));
  }

  /** The same of every fourth picture: 200 to train, 50 to validate. */
  public static UUID quarterInto(Http http) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] number = {0};
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      new SampleDataset(new Seed(7))
          .draw(
              (path, png) -> {
                if (number[0]++ % 4 == 0) {
                  zip.putNextEntry(new ZipEntry(path));
                  zip.write(png);
                }
              });
    }
    Multipart body = new Multipart().file("archive", "shapes.zip", bytes.toByteArray());
    return ready(http, http.post("/api/v1/datasets", Multipart.CONTENT_TYPE, body.bytes()));
  }

  static UUID ready(Http http, Http.Answer accepted) {
    String id = accepted.json().get("id").asString();
    String path = "/api/v1/datasets/" + id;
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> !http.get(path).json().get("state").asString().equals("IMPORTING"));
    assertThat(http.get(path).json().get("state").asString()).isEqualTo("READY");
    return UUID.fromString(id);
  }
}
