package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.Http.Answer;
import dev.onecycle.ServerTest;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class ModelsIT extends ServerTest {

  private static final String PATH = "/api/v1/models/";
  private static final String CHECKPOINTS = "/api/v1/checkpoints/";

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  private UUID checkpoint(long seed) {
    return checkpoints
        .save(store.write(States.manifest(List.of("a", "b"), null), States.xresnet18(2, seed)))
        .id();
  }

  private Answer put(String name, UUID checkpoint) {
    return http().put(PATH + name, Map.of("checkpoint", checkpoint));
  }

  @Test
  void aNameSwitchesBetweenCheckpoints() {
    UUID first = checkpoint(1);
    UUID second = checkpoint(2);
    Answer created = put("switching", first);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.header("Location")).endsWith(PATH + "switching");
    Answer same = put("switching", first);
    assertThat(same.status()).isEqualTo(200);
    assertThat(same.json().get("history").size()).isEqualTo(1);
    assertThat(put("switching", second).status()).isEqualTo(200);
    JsonNode model = http().get(PATH + "switching").json();
    assertThat(model.get("checkpoint").asString()).isEqualTo(second.toString());
    assertThat(model.at("/history/0/checkpoint").asString()).isEqualTo(second.toString());
    assertThat(model.at("/history/1/checkpoint").asString()).isEqualTo(first.toString());
    assertThat(model.at("/history/0/since")).isEqualTo(model.get("updatedAt"));
    JsonNode newest = http().get("/api/v1/models?limit=1").json().at("/items/0");
    assertThat(newest.get("name").asString()).isEqualTo("switching");
    assertThat(newest.has("history")).isFalse();
  }

  @Test
  void aCheckpointStaysWhileAModelServesIt() {
    UUID checkpoint = checkpoint(3);
    put("keeper", checkpoint);
    Answer refused = http().delete(CHECKPOINTS + checkpoint);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("detail").asString()).contains("a model", "still uses");
    assertThat(store.load(checkpoint).id()).isEqualTo(checkpoint);
    assertThat(http().delete(PATH + "keeper").status()).isEqualTo(204);
    assertThat(http().get(PATH + "keeper").status()).isEqualTo(404);
    assertThat(http().delete(PATH + "keeper").status()).isEqualTo(404);
    assertThat(http().delete(CHECKPOINTS + checkpoint).status()).isEqualTo(204);
  }

  @Test
  void whatCannotBeServedIsNotPublished() throws IOException {
    UUID good = checkpoint(4);
    UUID damaged = checkpoint(5);
    Files.write(store.file(store.get(damaged)), new byte[100]);
    put("careful", good);
    assertThat(put("careful", damaged).status()).isEqualTo(503);
    Answer unknown = put("careful", UUID.randomUUID());
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.json().at("/errors/0/field").asString()).isEqualTo("checkpoint");
    assertThat(http().put(PATH + "careful", "{}").status()).isEqualTo(422);
    assertThat(http().put(PATH + "careful", "{\"checkpoint\": 5}").status()).isBetween(400, 422);
    JsonNode model = http().get(PATH + "careful").json();
    assertThat(model.get("checkpoint").asString()).isEqualTo(good.toString());
    assertThat(model.get("history").size()).isEqualTo(1);
  }

  @Test
  void namesAreShortAndPlain() {
    UUID checkpoint = checkpoint(6);
    for (String name : List.of(".hidden", "a%20b", "%3Cb%3E", "x".repeat(65))) {
      assertThat(put(name, checkpoint).status()).as(name).isBetween(400, 422);
      assertThat(http().get(PATH + name).status()).as(name).isBetween(400, 404);
    }
    assertThat(put("X1.y_z-9", checkpoint).status()).isEqualTo(201);
  }
}
