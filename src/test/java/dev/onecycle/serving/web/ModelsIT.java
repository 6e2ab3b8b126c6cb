package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

class ModelsIT extends OpenServer {

  private static final String PATH = "/api/v1/models/";
  private static final String CHECKPOINTS = "/api/v1/checkpoints/";

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private JdbcTemplate jdbc;

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
  void aRollbackServesWhatWasServedBefore() {
    UUID first = checkpoint(7);
    UUID second = checkpoint(8);
    UUID third = checkpoint(9);
    put("returning", first);
    Answer nothing = rollBack("returning");
    assertThat(nothing.status()).isEqualTo(409);
    assertThat(nothing.json().get("detail").asString()).contains("never served another");
    put("returning", second);
    put("returning", third);
    Answer back = rollBack("returning");
    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(back.json().get("checkpoint").asString()).isEqualTo(second.toString());
    assertThat(back.json().get("history").size()).isEqualTo(4);
    assertThat(back.json().at("/history/0/labels").asInt()).isPositive();
    assertThat(back.json().get("labels")).isEqualTo(back.json().at("/history/0/labels"));
    // The third is gone by then: it is passed over.
    assertThat(http().delete(CHECKPOINTS + third).status()).isEqualTo(204);
    assertThat(rollBack("returning").json().get("checkpoint").asString())
        .isEqualTo(first.toString());
    assertThat(rollBack("nobody").status()).isEqualTo(404);
  }

  private Answer rollBack(String name) {
    return http().post(PATH + name + "/rollback", "");
  }

  @Test
  void whoFailsItsSelfTestIsNotPublished() {
    UUID good = checkpoint(10);
    UUID bad = checkpoint(11);
    String manifest =
        jdbc.queryForObject(
            "select cast(manifest as varchar) from checkpoint where id = ?", String.class, bad);
    Matcher logit = Pattern.compile("\"logits\":\\[\\[([^,]*),").matcher(manifest);
    assertThat(logit.find()).isTrue();
    String other = manifest.replace(logit.group(), logit.group().replace(logit.group(1), "7.5"));
    jdbc.update("update checkpoint set manifest = ? format json where id = ?", other, bad);
    put("tested", good);
    Answer refused = put("tested", bad);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.json().get("detail").asString()).contains(bad.toString(), "self-test");
    JsonNode model = http().get(PATH + "tested").json();
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
