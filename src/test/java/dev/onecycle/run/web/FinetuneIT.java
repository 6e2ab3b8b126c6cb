package dev.onecycle.run.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.States;
import dev.onecycle.image.Normalization;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Torch;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The preset {@code finetune}: a body of other people's, its architecture, pixels and names. */
class FinetuneIT extends OpenServer {

  private static final String RUNS = "/api/v1/runs";
  private static final Normalization HALVES =
      new Normalization(List.of(.5, .5, .5), List.of(.25, .25, .25));
  private static final Map<String, Object> SMALL =
      Map.of("itemSize", 48, "phases[0].size", 32, "phases[0].epochs", 1);

  private static UUID shapes;

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  private UUID body;

  @BeforeEach
  void bodyAndPictures() {
    if (shapes == null) {
      shapes = SampleImport.into(http());
    }
    Preprocessing halves = Preprocessing.centre(67, 64, HALVES);
    Manifest manifest =
        new Manifest(NetworkKind.plain("xresnet18"), List.of(), halves, null, null, null);
    body = checkpoints.save(store.write(manifest, States.xresnet18(0, 7))).id();
  }

  private static Map<String, Object> request(Object recipe, UUID from) {
    Map<String, Object> request = new HashMap<>(Map.of("dataset", shapes, "recipe", recipe));
    request.put("overrides", SMALL);
    request.put("from", from);
    return request;
  }

  private JsonNode plan(Map<String, Object> request) {
    Answer answer = http().post(RUNS + "/validate", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  @Test
  void takesOverArchitectureAndNormalizationAndFreezesTheBodyFirst() {
    JsonNode plan = plan(request("finetune", body));
    assertThat(plan.at("/recipe/architecture").asString()).isEqualTo("xresnet18");
    assertThat(plan.at("/recipe/normalize").asString()).isEqualTo("checkpoint");
    assertThat(plan.get("warnings").toString()).doesNotContain("normalised");
    JsonNode fits = plan.at("/phases/0/fits");
    assertThat(fits.size()).isEqualTo(2);
    assertThat(fits.at("/0/groups").size()).isEqualTo(3);
    assertThat(fits.at("/0/groups/1/frozen").asBoolean()).isTrue();
    assertThat(fits.at("/0/groups/2/frozen").asBoolean()).isFalse();
    assertThat(fits.at("/1/groups/0/frozen").asBoolean()).isFalse();

    Answer submitted = http().post(RUNS, request("finetune", body));
    assertThat(submitted.status()).as(submitted.text()).isEqualTo(202);
    String run = RUNS + "/" + submitted.json().get("id").asString();
    await().atMost(Duration.ofMinutes(2)).until(() -> http().get(run).json().has("endedAt"));
    JsonNode ended = http().get(run).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    JsonNode made = http().get("/api/v1/checkpoints/" + ended.get("checkpoint").asString()).json();
    assertThat(made.get("labels").size()).isEqualTo(10);
    assertThat(made.at("/preprocessing/normalization/std/0").asDouble()).isEqualTo(.25);
    assertThat(made.at("/preprocessing/chain").asString()).isEqualTo("fastai");
    if (Torch.start(1, null).multipliesInt8(Device.CPU)) {
      assertThat(made.at("/quantization/pictures").asInt()).isEqualTo(256);
      assertThat(made.at("/quantization/agreement").asDouble()).isBetween(0.5, 1.0);
      String log = http().get(run + "/log").text();
      assertThat(log).contains("of 256 pictures have the label that they have in float32");
    }
    Answer clone = http().post(run + "/clone", Map.of("seed", 2));
    assertThat(clone.status()).as(clone.text()).isEqualTo(202);
    String cloned = RUNS + "/" + clone.json().get("id").asString();
    assertThat(clone.json().get("from").asString()).isEqualTo(body.toString());
    http().post(cloned + "/cancel", Map.of());
  }

  @Test
  void everyRecipeThatNamesNoArchitectureTakesTheCheckpoints() {
    assertThat(plan(request("smoke", body)).at("/recipe/architecture").asString())
        .isEqualTo("xresnet18");
    Map<String, ?> inline = Map.of("normalize", "dataset", "phases", List.of(Map.of("size", 64)));
    JsonNode plan = plan(request(inline, body));
    assertThat(plan.at("/recipe/architecture").asString()).isEqualTo("xresnet18");
    assertThat(plan.get("warnings").toString()).contains("pictures normalised otherwise");
    Answer named =
        http()
            .post(
                RUNS,
                request(Map.of("architecture", "xresnet34", "phases", inline.get("phases")), body));
    assertThat(named.status()).isEqualTo(422);
    assertThat(named.text()).contains("is a xresnet18, the recipe wants xresnet34");
  }

  @Test
  void withoutACheckpointThereIsNothingToTakeOver() {
    for (String route : List.of(RUNS, RUNS + "/validate", "/api/v1/lr-finds")) {
      Answer refused = http().post(route, request("finetune", null));
      assertThat(refused.status()).as(route).isEqualTo(422);
      assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("from");
    }
    assertThat(http().post(RUNS, request("finetune", UUID.randomUUID())).status()).isEqualTo(404);
  }

  @Test
  void previewsAndSweepsStartFromTheCheckpointToo() {
    String batch = "/api/v1/datasets/" + shapes + "/batch";
    Map<String, Object> asked = request("finetune", body);
    asked.remove("dataset");
    Answer seen = http().post(batch, asked, "Accept", "application/json");
    assertThat(seen.status()).as(seen.text()).isEqualTo(200);
    for (int channel = 0; channel < 3; channel++) {
      double before = seen.json().at("/before/std/" + channel).asDouble();
      double after = seen.json().at("/after/std/" + channel).asDouble();
      assertThat(after / before).isBetween(3.999, 4.001);
    }
    assertThat(http().get(batch + "?recipe=finetune", "Accept", "application/json").status())
        .isEqualTo(200);

    Map<String, Object> sweep = request("finetune", body);
    Answer swept = http().post("/api/v1/lr-finds", sweep);
    assertThat(swept.status()).as(swept.text()).isEqualTo(202);
    String run = RUNS + "/" + swept.json().get("id").asString();
    await().atMost(Duration.ofMinutes(2)).until(() -> http().get(run).json().has("endedAt"));
    JsonNode ended = http().get(run).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    assertThat(ended.get("from").asString()).isEqualTo(body.toString());
  }
}
