package dev.onecycle.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The bundled pictures as a dataset of a server under test: 1,000 of ten shapes. */
public final class SampleImport {

  private SampleImport() {}

  /** Imports them and answers the dataset once it is READY. */
  public static UUID into(Http http) {
    Map<String, ?> wanted = Map.of("name", "shapes", "source", Map.of("type", "sample"));
    String id = http.post("/api/v1/datasets", wanted).json().get("id").asString();
    String path = "/api/v1/datasets/" + id;
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> !http.get(path).json().get("state").asString().equals("IMPORTING"));
    assertThat(http.get(path).json().get("state").asString()).isEqualTo("READY");
    return UUID.fromString(id);
  }
}
