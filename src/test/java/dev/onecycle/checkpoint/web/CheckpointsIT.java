package dev.onecycle.checkpoint.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Origin;
import dev.onecycle.checkpoint.States;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class CheckpointsIT extends OpenServer {

  private static final String PATH = "/api/v1/checkpoints";
  private static final String MANIFEST =
      """
      {"architecture": "xresnet18", "labels": ["ant", "bee", "cat"], "normalize": "imagenet",
       "itemSize": 72, "size": 64}""";

  @Autowired private CheckpointStore store;
  @Autowired private BlobStore blobs;
  @Autowired private JdbcClient jdbc;
  @Autowired private Checkpoints checkpoints;

  private Checkpoint kept(UUID run) {
    return checkpoints.save(
        store.write(
            States.manifest(List.of("ant", "bee", "cat"), new Origin(run, 1, 0, 1)),
            States.xresnet18(3, 5)));
  }

  private byte[] weights(Checkpoint checkpoint) throws IOException {
    return Files.readAllBytes(store.file(checkpoint));
  }

  private Answer send(byte[] weights, String manifest, String... headers) {
    byte[] body =
        new Multipart()
            .file("weights", "m.safetensors", weights)
            .field("manifest", manifest)
            .bytes();
    return http().post(PATH, Multipart.CONTENT_TYPE, body, headers);
  }

  @Test
  void listsARunsCheckpointsNewestFirst() {
    UUID run = Rows.run(jdbc);
    Checkpoint first = kept(run);
    Checkpoint second = kept(run);
    JsonNode page = http().get(PATH + "?limit=1&run=" + run).json();
    assertThat(page.at("/items/0/id").asString()).isEqualTo(second.id().toString());
    String cursor = page.get("nextCursor").asString();
    JsonNode rest = http().get(PATH + "?limit=1&run=" + run + "&cursor=" + cursor).json();
    assertThat(rest.at("/items/0/id").asString()).isEqualTo(first.id().toString());
    assertThat(rest.has("nextCursor")).isFalse();
    assertThat(http().get(PATH).json().get("items").size()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void showsWhatTheWeightsMean() {
    UUID run = Rows.run(jdbc);
    JsonNode shown = http().get(PATH + "/" + kept(run).id()).json();
    assertThat(shown.get("architecture").asString()).isEqualTo("xresnet18");
    assertThat(shown.at("/labels/2").asString()).isEqualTo("cat");
    assertThat(shown.at("/preprocessing/itemSize").asInt()).isEqualTo(72);
    assertThat(shown.at("/preprocessing/normalization/mean/0").asDouble()).isEqualTo(0.485);
    assertThat(shown.at("/origin/run").asString()).isEqualTo(run.toString());
    assertThat(shown.at("/weights/sha256").asString()).hasSize(64);
  }

  @Test
  void givesTheWeightsWholeAndInParts() throws IOException {
    Checkpoint checkpoint = kept(Rows.run(jdbc));
    String path = PATH + "/" + checkpoint.id() + "/weights";
    byte[] file = weights(checkpoint);
    String tag = '"' + checkpoint.weights().sha256() + '"';
    Answer whole = http().get(path);
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.bytes()).isEqualTo(file);
    assertThat(whole.header("ETag")).isEqualTo(tag);
    assertThat(whole.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + checkpoint.id() + ".safetensors\"");
    assertThat(whole.header("Accept-Ranges")).isEqualTo("bytes");
    Answer part = http().get(path, "Range", "bytes=100-299");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(file, 100, 300));
    assertThat(part.header("Content-Range")).isEqualTo("bytes 100-299/" + file.length);
    Answer beyond = http().get(path, "Range", "bytes=999999999-");
    assertThat(beyond.status()).isEqualTo(416);
    assertThat(beyond.bytes()).isEmpty();
    assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + file.length);
    Answer last = http().get(path, "Range", "bytes=-5");
    assertThat(last.bytes()).isEqualTo(Arrays.copyOfRange(file, file.length - 5, file.length));
    for (String whatever : List.of("bytes=0-1,5-6", "bytes=x", "items=0-1", "bytes=5-1,")) {
      Answer all = http().get(path, "Range", whatever);
      assertThat(all.status()).as(whatever).isEqualTo(200);
      assertThat(all.bytes()).as(whatever).isEqualTo(file);
    }
    assertThat(http().get(path, "Range", "bytes=5-1").status()).isEqualTo(416);
    assertThat(http().get(path, "If-None-Match", "*").status()).isEqualTo(304);
    assertThat(http().get(path, "If-None-Match", "\"other\", W/" + tag).status()).isEqualTo(304);
    assertThat(http().get(path, "If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(http().get(path, "If-Match", tag, "Range", "bytes=0-0").status()).isEqualTo(206);
    assertThat(http().get(path, "If-None-Match", tag).status()).isEqualTo(304);
    Answer resumed = http().get(path, "Range", "bytes=9-", "If-Range", tag);
    assertThat(resumed.bytes()).hasSize(file.length - 9);
    Answer changed = http().get(path, "Range", "bytes=9-", "If-Range", "\"other\"");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.bytes()).hasSize(file.length);
  }

  @Test
  void takesBackWhatItGave() throws IOException {
    Checkpoint checkpoint = kept(Rows.run(jdbc));
    String key = UUID.randomUUID().toString();
    Answer created = send(weights(checkpoint), MANIFEST, "Idempotency-Key", key);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    String id = created.json().get("id").asString();
    assertThat(created.header("Location")).endsWith(PATH + "/" + id);
    assertThat(created.json().has("origin")).isFalse();
    assertThat(store.load(UUID.fromString(id)).state().values().get("11.weight"))
        .isEqualTo(store.load(checkpoint.id()).state().values().get("11.weight"));
    List<String> stored = blobs.list("checkpoints/");
    Answer again = send(weights(checkpoint), MANIFEST, "Idempotency-Key", key);
    assertThat(again.json().get("id").asString()).isEqualTo(id);
    Answer other = send(weights(checkpoint), MANIFEST.replace("72", "80"), "Idempotency-Key", key);
    assertThat(other.status()).isEqualTo(409);
    assertThat(blobs.list("checkpoints/")).as("no weights without a row").isEqualTo(stored);
    assertThat(http().delete(PATH + "/" + id).status()).isEqualTo(204);
    Answer gone = send(weights(checkpoint), MANIFEST, "Idempotency-Key", key);
    assertThat(gone.status()).as("what it made is gone").isEqualTo(404);
  }

  @Test
  void refusesWhatItCannotUse() throws IOException {
    byte[] good = weights(kept(Rows.run(jdbc)));
    byte[] none = new byte[0];
    long before = checkpoints.count();
    Answer heads = send(good, MANIFEST.replace("\"cat\"", "\"cat\", \"dog\""));
    assertThat(heads.status()).isEqualTo(422);
    assertThat(heads.json().get("errors").size()).isEqualTo(2);
    assertThat(heads.json().at("/errors/0/field").asString()).isEqualTo("11.weight");
    assertThat(send(good, MANIFEST.replace("18", "50")).json().get("errors").size())
        .isGreaterThan(150);
    assertThat(send(Arrays.copyOf(good, 5000), MANIFEST).status()).isEqualTo(422);
    assertThat(send(none, MANIFEST).status()).isEqualTo(422);
    assertThat(send(none, "{}").status()).isEqualTo(422);
    assertThat(send(none, "no json").status()).isEqualTo(422);
    assertThat(send(none, MANIFEST.replace("itemSize", "itemsize")).status()).isEqualTo(422);
    assertThat(send(none, MANIFEST.replace("\"imagenet\"", "5")).json().at("/errors/0/field"))
        .hasToString("\"normalize\"");
    byte[] alone = new Multipart().file("weights", "m", good).bytes();
    assertThat(http().post(PATH, Multipart.CONTENT_TYPE, alone).status()).isEqualTo(400);
    assertThat(http().post(PATH, "text/plain", none).status()).isEqualTo(415);
    assertThat(send(torchFile("state_dict.pth"), MANIFEST).json().get("errors").size())
        .isGreaterThan(50);
    Answer program = send(torchFile("module.pth"), MANIFEST);
    assertThat(program.status()).isEqualTo(422);
    assertThat(program.json().get("detail").asString()).contains("torch.nn.modules");
    assertThat(program.json().get("fix").asString()).contains("learn.save");
    for (String odd : List.of("\"labels\": []", "\"cropShare\": 0", "\"cropShare\": 0.9")) {
      assertThat(
              send(none, MANIFEST.replace("\"itemSize\": 72", odd + ", \"itemSize\": 72")).status())
          .as(odd)
          .isEqualTo(422);
    }
    assertThat(checkpoints.count()).isEqualTo(before);
  }

  private static byte[] torchFile(String name) throws IOException {
    try (InputStream file = CheckpointsIT.class.getResourceAsStream("/torchfiles/" + name)) {
      return file.readAllBytes();
    }
  }

  /** A body can be trained from; it predicts nothing. */
  @Test
  void takesABodyWithoutLabels() throws IOException {
    byte[] good = weights(kept(Rows.run(jdbc)));
    String manifest = "{\"architecture\": \"xresnet18\", \"size\": 64, \"cropShare\": 0.95}";
    Answer created = send(good, manifest);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    JsonNode body = created.json();
    assertThat(body.get("labels").isEmpty()).isTrue();
    assertThat(body.at("/preprocessing/itemSize").asInt()).isEqualTo(67);
    assertThat(body.at("/preprocessing/chain").asString()).isEqualTo("timm");
    assertThat(body.has("selfTest")).isFalse();
    String id = body.get("id").asString();
    byte[] headless = http().get(PATH + "/" + id + "/weights").bytes();
    assertThat(headless.length).isLessThan(good.length);
    assertThat(send(headless, manifest).status()).isEqualTo(201);
    Answer served = http().put("/api/v1/models/headless", Map.of("checkpoint", id));
    assertThat(served.status()).isEqualTo(422);
    assertThat(served.json().get("detail").asString()).contains("is a body without labels");
    Answer asked = http().post(PATH + "/" + id + "/predictions", "image/png", new byte[9]);
    assertThat(asked.status()).as(asked.text()).isEqualTo(422);
  }

  @Test
  void listsPublicWeightsWithTheirRequests() {
    JsonNode items = http().get(PATH + "/catalog").json().get("items");
    assertThat(items.size()).isGreaterThan(10);
    for (JsonNode entry : items) {
      assertThat(entry.get("licence").asString()).isEqualTo("Apache-2.0");
      assertThat(entry.at("/preprocessing/cropShare").asDouble()).isBetween(0.8, 1.0);
      assertThat(entry.at("/request/source/url").asString()).startsWith("https://");
      assertThat(entry.at("/request/manifest/architecture").asString()).startsWith("xresnet");
    }
  }

  @Test
  void downloadsFromPublicServersOnly() {
    Map<String, ?> manifest = Map.of("architecture", "xresnet18", "size", 64);
    for (String url :
        List.of(
            "https://localhost/weights",
            "https://127.0.0.1:1/weights",
            "https://169.254.169.254/weights",
            "https://[::1]/weights",
            "http://example.org/weights",
            "file:///etc/passwd",
            "https://user@example.org/weights",
            "https://example.org:99999/weights")) {
      Map<String, ?> source = Map.of("type", "url", "url", url);
      Answer refused = http().post(PATH, Map.of("source", source, "manifest", manifest));
      assertThat(refused.status()).as(url).isEqualTo(422);
      assertThat(refused.json().get("detail").asString())
          .as(url)
          .containsAnyOf("is not a public address", "source.url");
    }
    Map<String, ?> sum = Map.of("type", "url", "url", "https://example.org/w", "sha256", "abc");
    Answer short64 = http().post(PATH, Map.of("source", sum, "manifest", manifest));
    assertThat(short64.json().at("/errors/0/field").asString()).isEqualTo("source.sha256");
    for (Object body : List.of(Map.of(), Map.of("manifest", manifest))) {
      assertThat(http().post(PATH, body).status()).isEqualTo(422);
    }
  }

  @Test
  void namesWhatIsInTheWayOfADeletion() {
    UUID run = Rows.run(jdbc);
    Checkpoint checkpoint = kept(run);
    UUID dataset =
        jdbc.sql("select dataset_id from run where id = ?").param(run).query(UUID.class).single();
    List<String> users = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      UUID user = Rows.run(jdbc);
      jdbc.sql("update run set from_checkpoint_id = ?, dataset_id = ? where id = ?")
          .params(checkpoint.id(), dataset, user)
          .update();
      users.add(0, "/api/v1/runs/" + user);
    }
    for (String path : List.of("/checkpoints/" + checkpoint.id(), "/datasets/" + dataset)) {
      Answer refused = http().delete("/api/v1" + path);
      assertThat(refused.status()).as(path).isEqualTo(409);
      assertThat(refused.json().get("blockers").valueStream().map(JsonNode::asString))
          .as(path)
          .containsExactlyElementsOf(users.subList(0, 10));
    }
    assertThat(http().delete("/api/v1/runs/" + run + "?dryRun=true").status()).isEqualTo(409);
    users.forEach(user -> assertThat(http().delete(user).status()).isEqualTo(204));
    assertThat(http().delete("/api/v1/runs/" + run).status()).isEqualTo(204);
    assertThat(http().delete("/api/v1/datasets/" + dataset).status()).isEqualTo(204);
  }

  @Test
  void deletesOnce() {
    String path = PATH + "/" + kept(Rows.run(jdbc)).id();
    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().delete(path).status()).isEqualTo(404);
    assertThat(http().get(path).status()).isEqualTo(404);
    assertThat(http().get(path + "/weights").status()).isEqualTo(404);
    assertThat(http().get(PATH + "/nonsense").status()).isEqualTo(404);
  }
}
