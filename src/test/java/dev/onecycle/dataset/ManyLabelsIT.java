package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class ManyLabelsIT extends OpenServer {

  private static final String DATASETS = "/api/v1/datasets";

  @Autowired private JdbcClient jdbc;

  private static Map<String, ?> source(Path directory) {
    return Map.of("source", Map.of("type", "directory", "path", directory.toString()));
  }

  @Test
  void tenThousandLabelsAreImportedListedPlannedAndDeleted() throws Exception {
    Path directory = HOME.resolve("pictures/many-labels");
    TinyPictures.write(directory, 10_000, 10_000, TinyPictures::noise);
    Answer accepted = http().post(DATASETS, source(directory));
    String path = accepted.header("Location");
    await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> !http().get(path).json().get("state").asString().equals("IMPORTING"));

    JsonNode dataset = http().get(path).json();
    assertThat(dataset.get("state").asString()).as(dataset.toString()).isEqualTo("READY");
    assertThat(dataset.get("labelCount").asInt()).isEqualTo(10_000);
    assertThat(dataset.get("labels")).hasSize(10_000);
    assertThat(dataset.at("/layout/labels/first")).hasSize(10);

    JsonNode audit = http().get(path + "/audit").json();
    assertThat(audit.at("/emptyClasses/count").asInt()).isEqualTo(10_000);
    assertThat(audit.at("/emptyClasses/items")).hasSize(200);

    Answer list = http().get(DATASETS + "?limit=1");
    assertThat(list.json().at("/items/0/labelCount").asInt()).isEqualTo(10_000);
    assertThat(list.json().at("/items/0/labels")).hasSize(100);
    assertThat(list.bytes()).hasSizeLessThan(20_000);

    JsonNode last = http().get(path + "/images?label=class-09999").json();
    assertThat(last.get("items")).hasSize(1);
    assertThat(last.at("/items/0/id").asInt()).isEqualTo(9_999);
    assertThat(http().get(path + "/images?limit=500&cursor=9800").json().get("items")).hasSize(200);

    Map<String, ?> run = Map.of("dataset", dataset.get("id").asString(), "recipe", "smoke");
    Answer plan = http().post("/api/v1/runs/validate", run);
    assertThat(plan.status()).as(plan.text()).isEqualTo(200);

    Files.createDirectories(directory.resolve("one-more"));
    Files.write(directory.resolve("one-more/1.png"), TinyPictures.noise(-1));
    JsonNode look = http().post(DATASETS + "?dryRun=true", source(directory)).json();
    assertThat(look.get("problem").asString()).isEqualTo("10001 labels > maximum 10000");

    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().get(path).status()).isEqualTo(404);
  }

  /** Imports of earlier versions may have them; a run would fail at its first checkpoint. */
  @ParameterizedTest
  @CsvSource({
    "' ', must not be empty",
    "ant, stands in the list twice",
    "'LONG', 201 characters > maximum 200"
  })
  void labelsThatNoCheckpointCanHaveAreRefusedBeforeARun(String label, String why) {
    UUID dataset = Rows.dataset(jdbc, "READY");
    String second = label.equals("LONG") ? "x".repeat(201) : label;
    jdbc.sql(Rows.portable(jdbc, "update dataset set labels = ? format json where id = ?"))
        .params(
            """
            [{"name":"ant","train":40,"valid":10},{"name":"%s","train":40,"valid":10}]
            """
                .formatted(second),
            dataset)
        .update();
    Map<String, ?> run = Map.of("dataset", dataset.toString(), "recipe", "smoke");
    for (String path : new String[] {"/api/v1/runs/validate", "/api/v1/runs"}) {
      Answer refused = http().post(path, run);
      assertThat(refused.status()).as(refused.text()).isEqualTo(422);
      assertThat(refused.json().get("detail").asString())
          .isEqualTo("the dataset's labels[1]: " + why);
      assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("dataset");
    }
    http().delete(DATASETS + "/" + dataset);
  }
}
