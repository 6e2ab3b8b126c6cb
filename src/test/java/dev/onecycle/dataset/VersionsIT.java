package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Labels that are put right are a new version of the dataset, which shares its pictures. */
class VersionsIT extends OpenServer {

  private static final String DATASETS = "/api/v1/datasets/";

  private static UUID sample;

  @BeforeEach
  void sample() {
    if (sample == null) {
      sample = SampleImport.into(http());
    }
  }

  private Answer patch(Object dataset, Object edits, String... headers) {
    Map<String, ?> body = Map.of("reason", "looked at them", "edits", edits);
    return http().json("PATCH", DATASETS + dataset + "/labels", body, headers);
  }

  private JsonNode made(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  private JsonNode get(String path) {
    Answer answer = http().get(DATASETS + path);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static Map<String, ?> relabel(int picture, String label) {
    return Map.of("picture", picture, "action", "relabel", "label", label);
  }

  private static Map<String, ?> edit(int picture, String action) {
    return Map.of("picture", picture, "action", action);
  }

  private static int count(JsonNode dataset, String label) {
    for (JsonNode one : dataset.get("labels")) {
      if (one.get("name").asString().equals(label)) {
        return one.get("train").asInt() + one.get("valid").asInt();
      }
    }
    return 0;
  }

  /** Eight pictures of two labels, of which a random draw validates with a half. */
  private UUID drawn() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      files.put("cat/" + i + ".png", Archives.png(0x100000 * i + 3));
      files.put("dog/" + i + ".png", Archives.png(0x1000 * i + 5));
    }
    files.put("loose.png", Archives.png(0x112233));
    byte[] body =
        new Multipart()
            .field("split", "{\"strategy\":\"random\",\"validFraction\":0.5}")
            .field("labels", "{\"pattern\":\"^(?:.*/)?(?<label>cat|dog)/.*$\"}")
            .file("archive", "drawn.tar", Archives.tar(files))
            .bytes();
    Answer accepted = http().post("/api/v1/datasets", Multipart.CONTENT_TYPE, body);
    String id = accepted.json().get("id").asString();
    await().until(() -> !get(id).get("state").asString().equals("IMPORTING"));
    assertThat(get(id).get("state").asString()).as(get(id).toString()).isEqualTo("READY");
    return UUID.fromString(id);
  }

  @Test
  void aVersionHasOtherLabelsAndTheSamePictures() {
    JsonNode before = get(sample.toString());
    String first = get(sample + "/images?limit=1").at("/items/0/label").asString();
    JsonNode version =
        made(patch(sample, List.of(relabel(0, "heart"), edit(1, "drop"), edit(2, "keep"))));
    String id = version.get("id").asString();

    assertThat(version.get("state").asString()).isEqualTo("READY");
    assertThat(version.get("version").asInt()).isGreaterThan(1);
    assertThat(version.get("versionOf").asString()).isEqualTo(sample.toString());
    assertThat(version.get("base").asString()).isEqualTo(sample.toString());
    assertThat(version.get("reason").asString()).isEqualTo("looked at them");
    assertThat(version.get("pictures").asInt()).isEqualTo(999);
    assertThat(count(version, first)).isEqualTo(98);
    assertThat(count(version, "heart")).isEqualTo(101);
    assertThat(version.get("layout")).isEqualTo(before.get("layout"));

    JsonNode after = get(sample.toString());
    assertThat(after).as("what it was made of stays").isEqualTo(before);
    assertThat(after.get("version").asInt()).isEqualTo(1);
    assertThat(after.has("versionOf")).isFalse();

    assertThat(http().get(DATASETS + id + "/images/1").bytes())
        .isEqualTo(http().get(DATASETS + sample + "/images/1").bytes());
    assertThat(get(id + "/audit").at("/unlabelled/count").asInt()).isEqualTo(1);
    JsonNode changes = get(id + "/changes");
    assertThat(changes.get("items")).hasSize(2);
    assertThat(changes.at("/items/0/picture").asInt()).isZero();
    assertThat(changes.at("/items/0/before").asString()).isEqualTo(first);
    assertThat(changes.at("/items/0/after").asString()).isEqualTo("heart");
    assertThat(changes.at("/items/0/path").asString()).startsWith("train/" + first);
    assertThat(changes.at("/items/1/before").asString()).isEqualTo(first);
    assertThat(changes.at("/items/1").has("after")).isFalse();
    assertThat(http().get(changes.at("/items/0/image").asString()).status()).isEqualTo(200);
  }

  @Test
  void versionsAreListedAndCompared() {
    JsonNode one = made(patch(sample, List.of(relabel(10, "heart"), relabel(11, "star"))));
    String oneId = one.get("id").asString();
    JsonNode other = made(patch(oneId, List.of(relabel(11, "arrow"), relabel(12, "star"))));
    String otherId = other.get("id").asString();
    assertThat(other.get("version").asInt()).isEqualTo(one.get("version").asInt() + 1);
    assertThat(other.get("versionOf").asString()).isEqualTo(sample.toString());
    assertThat(other.get("base").asString()).isEqualTo(oneId);

    assertThat(get(otherId + "/changes").get("items")).hasSize(2);
    JsonNode all = get(otherId + "/changes?since=" + sample);
    assertThat(all.get("items")).as("11 is an arrow again").hasSize(2);
    JsonNode part = get(otherId + "/changes?limit=1&since=" + sample);
    assertThat(part.get("items")).hasSize(1);
    JsonNode rest =
        get(
            otherId
                + "/changes?limit=1&since="
                + sample
                + "&cursor="
                + part.get("nextCursor").asString());
    assertThat(rest.at("/items/0/picture").asInt()).isEqualTo(12);
    assertThat(rest.has("nextCursor")).isFalse();

    JsonNode listed = get(oneId + "/versions");
    assertThat(listed.get("items").size()).isGreaterThanOrEqualTo(3);
    assertThat(listed.at("/items/0/id").asString()).isEqualTo(sample.toString());
    assertThat(get(otherId + "/versions")).isEqualTo(listed);
    JsonNode firstPart = get(sample + "/versions?limit=1");
    assertThat(firstPart.at("/items/0/version").asInt()).isEqualTo(1);
    assertThat(firstPart.get("nextCursor").asString()).isEqualTo("1");
    assertThat(get(sample + "/versions?limit=1&cursor=1").at("/items/0/version").asInt())
        .isEqualTo(2);
  }

  @Test
  void theSameKeyMakesOneVersion() {
    List<Map<String, ?>> edits = List.of(relabel(20, "heart"));
    String key = UUID.randomUUID().toString();
    String made = made(patch(sample, edits, "Idempotency-Key", key)).get("id").asString();
    assertThat(made(patch(sample, edits, "Idempotency-Key", key)).get("id").asString())
        .isEqualTo(made);
    assertThat(patch(sample, List.of(relabel(21, "star")), "Idempotency-Key", key).status())
        .isEqualTo(409);
    assertThat(patch(made, edits, "Idempotency-Key", key).status()).isEqualTo(409);
  }

  @Test
  void whatCannotBeIsNamedAndChangesNothing() {
    int versions = get(sample + "/versions?limit=500").get("items").size();
    Answer refused =
        patch(
            sample,
            List.of(
                relabel(0, "hart"),
                edit(1_000, "drop"),
                edit(3, "relabel"),
                relabel(4, "star"),
                edit(4, "keep"),
                Map.of("picture", 5, "action", "drop", "label", "star"),
                Map.of("picture", 6),
                Map.of("action", "keep")));
    assertThat(refused.status()).isEqualTo(422);
    JsonNode errors = refused.json().get("errors");
    assertThat(errors).hasSize(7);
    assertThat(errors.at("/0/field").asString()).isEqualTo("edits[0].label");
    assertThat(errors.at("/0/message").asString())
        .isEqualTo("unknown label 'hart': did you mean 'heart'?");
    assertThat(errors.at("/1/message").asString()).isEqualTo("1000 is not within 0 and 999");
    assertThat(errors.at("/2/field").asString()).isEqualTo("edits[2].label");
    assertThat(errors.at("/3/message").asString()).isEqualTo("picture 4 is there twice");
    assertThat(errors.at("/4/field").asString()).isEqualTo("edits[5].label");
    assertThat(errors.at("/5/field").asString()).isEqualTo("edits[6].action");
    assertThat(errors.at("/6/field").asString()).isEqualTo("edits[7].picture");

    assertThat(patch(sample, List.of()).status()).isEqualTo(422);
    assertThat(patch(sample, List.of(edit(0, "burn"))).status()).isEqualTo(422);
    List<Map<String, ?>> most =
        IntStream.rangeClosed(0, 10_000).<Map<String, ?>>mapToObj(i -> edit(i, "keep")).toList();
    assertThat(patch(sample, most).json().get("detail").asString())
        .contains("10001 edits > maximum 10000");
    String path = DATASETS + sample + "/labels";
    List<Map<String, ?>> fine = List.of(edit(0, "keep"));
    assertThat(http().json("PATCH", path, Map.of("edits", fine)).status()).isEqualTo(422);
    assertThat(http().json("PATCH", path, Map.of("edits", fine, "reason", "a\nb")).status())
        .isEqualTo(422);
    assertThat(patch(UUID.randomUUID(), fine).status()).isEqualTo(404);
    assertThat(get(sample + "/versions?limit=500").get("items")).hasSize(versions);

    assertThat(http().get(DATASETS + sample + "/changes").status()).isEqualTo(422);
    assertThat(http().get(DATASETS + sample + "/versions?limit=0").status()).isEqualTo(422);
    assertThat(http().get(DATASETS + UUID.randomUUID() + "/versions").status()).isEqualTo(404);
    UUID stranger = drawn();
    assertThat(http().get(DATASETS + stranger + "/changes?since=" + sample).status())
        .isEqualTo(422);
    List<Map<String, ?>> dogs =
        IntStream.range(4, 8).<Map<String, ?>>mapToObj(i -> edit(i, "drop")).toList();
    Answer single = patch(stranger, dogs);
    assertThat(single.status()).isEqualTo(422);
    assertThat(single.json().get("detail").asString()).contains("the same label 'cat'");
  }

  /** Where labels say how pictures are drawn, another label must not draw them anew. */
  @Test
  void theSplitStaysAndADroppedPictureComesBackWhereItWas() {
    UUID first = drawn();
    Set<Integer> valid = part(first, "valid");
    assertThat(valid).hasSize(4);
    int one = valid.iterator().next();
    String was = get(first + "/images?limit=500").at("/items/" + one + "/label").asString();
    JsonNode dropped = made(patch(first, List.of(edit(one, "drop"))));
    Set<Integer> fewer = new HashSet<>(valid);
    fewer.remove(one);
    String droppedId = dropped.get("id").asString();
    assertThat(part(droppedId, "valid")).isEqualTo(fewer);

    int loose = 8;
    JsonNode back = made(patch(droppedId, List.of(relabel(one, was), relabel(loose, "cat"))));
    assertThat(part(back.get("id").asString(), "valid")).isEqualTo(valid);
    assertThat(part(back.get("id").asString(), "train")).contains(loose);
    assertThat(get(droppedId + "/images?limit=500").at("/items/8").has("split")).isFalse();
  }

  private Set<Integer> part(Object dataset, String part) {
    Set<Integer> numbers = new HashSet<>();
    get(dataset + "/images?limit=500&split=" + part)
        .get("items")
        .forEach(item -> numbers.add(item.get("id").asInt()));
    return numbers;
  }

  @Test
  void thePicturesLiveAsLongAsOneVersion() {
    UUID first = drawn();
    Path pack = HOME.resolve("store/datasets/" + first + "/1/pictures.zip");
    String second = made(patch(first, List.of(relabel(0, "dog")))).get("id").asString();
    String third = made(patch(second, List.of(relabel(1, "dog")))).get("id").asString();

    Answer reread = http().json("PATCH", DATASETS + first, Map.of("labels", "parent-folder"));
    assertThat(reread.status()).as(reread.text()).isEqualTo(409);
    assertThat(reread.json().get("detail").asString()).contains("versions");
    assertThat(http().json("PATCH", DATASETS + third, Map.of("split", "random")).status())
        .isEqualTo(409);

    JsonNode dry = http().delete(DATASETS + second + "?dryRun=true").json();
    assertThat(dry.get("files").asInt()).as("its index").isEqualTo(1);
    assertThat(http().delete(DATASETS + first).status()).isEqualTo(204);
    assertThat(http().delete(DATASETS + second).status()).isEqualTo(204);
    assertThat(pack).exists();
    assertThat(http().get(DATASETS + third + "/images/0").status()).isEqualTo(200);
    assertThat(get(third + "/versions").get("items")).hasSize(1);
    assertThat(http().get(DATASETS + third + "/changes").status()).isEqualTo(404);
    assertThat(made(patch(third, List.of(edit(2, "keep")))).get("version").asInt()).isEqualTo(4);
    String fourth = get(third + "/versions").at("/items/1/id").asString();
    assertThat(http().delete(DATASETS + fourth).status()).isEqualTo(204);

    assertThat(http().delete(DATASETS + third + "?dryRun=true").json().get("files").asInt())
        .as("the pack and its index")
        .isEqualTo(2);
    assertThat(http().delete(DATASETS + third).status()).isEqualTo(204);
    Path folder = HOME.resolve("store/datasets/" + first);
    await().until(() -> files(folder) == 0);
  }

  private static long files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void aRunSaysWhichVersionItUses() {
    String version = made(patch(sample, List.of(relabel(30, "heart")))).get("id").asString();
    Map<String, ?> request = Map.of("dataset", version, "recipe", "smoke");
    Answer accepted = http().post("/api/v1/runs", request);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    JsonNode run = accepted.json();
    assertThat(run.get("dataset").asString()).isEqualTo(version);
    assertThat(run.get("datasetVersion")).isEqualTo(get(version).get("version"));
    assertThat(http().delete(DATASETS + version).status()).isEqualTo(409);
    String path = "/api/v1/runs/" + run.get("id").asString();
    http().post(path + "/cancel", "");
    await().until(() -> http().get(path).json().get("state").asString().equals("CANCELLED"));
    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().delete(DATASETS + version).status()).isEqualTo(204);
  }
}
