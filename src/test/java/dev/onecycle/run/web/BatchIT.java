package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class BatchIT extends OpenServer {

  private static UUID dataset;

  @BeforeEach
  void pictures() {
    if (dataset == null) {
      dataset = SampleImport.into(http());
    }
  }

  private String path(String rest) {
    return "/api/v1/datasets/" + dataset + rest;
  }

  @Test
  void drawsABatchWithItsLabels() {
    Answer answer = http().get(path("/batch?recipe=smoke&seed=1&pictures=8"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("image/png");
    Picture sheet = PictureDecoder.decode(answer.bytes());
    // Two rows of four pictures of 64 pixels, three times as large.
    assertThat(sheet.width()).isBetween(4 * 192, 5 * 192);
    assertThat(sheet.height()).isBetween(2 * 192, 4 * 192);
    assertThat(http().get(path("/batch?recipe=smoke&seed=1&pictures=8")).bytes())
        .isEqualTo(answer.bytes());
    assertThat(http().get(path("/batch?recipe=smoke&seed=2&pictures=8")).bytes())
        .isNotEqualTo(answer.bytes());
  }

  @Test
  void drawsTheBatchOfAWholeRecipe() {
    String preset = path("/batch?recipe=smoke&seed=1&pictures=4");
    Map<String, ?> same = Map.of("recipe", "smoke", "overrides", Map.of("seed", 1));
    String json = "application/json";
    JsonNode asked = http().post(path("/batch?pictures=4"), same, "Accept", json).json();
    assertThat(asked).isEqualTo(http().get(preset, "Accept", json).json());
    Map<String, ?> small = Map.of("recipe", "smoke", "overrides", Map.of("phases[0].size", 48));
    JsonNode other = http().post(path("/batch?pictures=4"), small, "Accept", json).json();
    assertThat(other.at("/shape/2").asInt()).isEqualTo(48);
    assertThat(http().post(path("/batch"), Map.of("recipe", "none")).status()).isEqualTo(422);
  }

  @Test
  void givesTheNumbersOfABatch() {
    String query = path("/batch?recipe=progressive&phase=2&seed=1&pictures=4&mixup=true");
    JsonNode batch = http().get(query, "Accept", "application/json").json();
    assertThat(batch.get("shape").toString()).isEqualTo("[64,3,224,224]");
    assertThat(batch.get("phases").asInt()).isEqualTo(2);
    assertThat(batch.get("mixup").asDouble()).isEqualTo(0.4);
    assertThat(batch.get("pictures").size()).isEqualTo(4);
    assertThat(batch.at("/pictures/3/lambda").asDouble()).isBetween(0.5, 1.0);
    assertThat(batch.at("/pictures/3/blendedWith").isString()).isTrue();
    assertThat(batch.at("/before/mean/0").asDouble()).isBetween(0.0, 1.0);
    assertThat(batch.at("/after/mean/0").asDouble())
        .isNotEqualTo(batch.at("/before/mean/0").asDouble());
    assertThat(batch.has("preview")).isFalse();
    JsonNode plain =
        http().get(path("/batch?recipe=smoke&pictures=1"), "Accept", "application/json").json();
    assertThat(plain.has("mixup")).isFalse();
    assertThat(plain.at("/pictures/0").has("lambda")).isFalse();
    JsonNode unmixed =
        http()
            .get(path("/batch?recipe=mixup&mixup=false&pictures=1"), "Accept", "application/json")
            .json();
    assertThat(unmixed.has("mixup")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "/batch?recipe=smokey, 422, smoke",
    "/batch?recipe=smoke&phase=2, 422, phase 2 is not within 1 and 1",
    "/batch?recipe=smoke&phase=0, 422, phase 0",
    "/batch?recipe=smoke&pictures=65, 422, pictures",
    "/batch?recipe=smoke&pictures=0, 422, pictures",
    "/batch?recipe=smoke&seed=x, 422, seed",
    "/batch?recipe=smoke&mixup=perhaps, 422, mixup",
    "/blend?a=0, 400, b",
    "/blend?a=0&b=1000, 404, 1000",
    "/blend?a=-1&b=1, 404, -1",
    "/blend?a=0&b=1&lambda=1.5, 422, lambda 1.5",
    "/blend?a=0&b=1&lambda=NaN, 422, lambda",
  })
  void refusesNonsense(String rest, int status, String named) {
    Answer answer = http().get(path(rest), "Accept", "image/png");
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text()).contains(named);
  }

  @Test
  void knowsNoOtherDatasets() {
    String other = "/api/v1/datasets/01900000-0000-7000-8000-000000000000";
    assertThat(http().get(other + "/batch").status()).isEqualTo(404);
    assertThat(http().get(other + "/blend?a=0&b=1").status()).isEqualTo(404);
  }

  @Test
  void laysTwoPicturesOverEachOther() {
    Answer answer = http().get(path("/blend?a=0&b=500&lambda=0.3"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("image/png");
    Picture sheet = PictureDecoder.decode(answer.bytes());
    assertThat(sheet.width()).isGreaterThan(3 * 256);
    assertThat(http().get(path("/blend?a=0&b=500&lambda=0.7")).bytes())
        .isNotEqualTo(answer.bytes());
  }
}
