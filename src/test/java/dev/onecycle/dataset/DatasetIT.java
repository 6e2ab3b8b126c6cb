package dev.onecycle.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.onecycle.image.Picture;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.testing.Http;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DatasetIT extends OpenServer {

  private static final String DATASETS = "/api/v1/datasets";

  @Autowired private Datasets datasets;

  private static Map<String, byte[]> twoClasses() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      files.put("set/train/cat/" + i + ".png", Archives.png(0x100000 * i + 3));
      files.put("set/train/dog/" + i + ".PNG", Archives.png(0x1000 * i + 5));
      files.put("set/val/cat/" + i + ".png", Archives.png(0x1000 * i + 0x700007));
      files.put("set/val/dog/" + i + ".png", Archives.png(0x10 * i + 0x300001));
    }
    return files;
  }

  private static Path directory(String name, Map<String, byte[]> files) throws IOException {
    Path directory = HOME.resolve("pictures").resolve(name);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return directory;
  }

  private Answer submitDirectory(Path directory) {
    return http()
        .post(
            DATASETS, Map.of("source", Map.of("type", "directory", "path", directory.toString())));
  }

  private Answer upload(String fileName, byte[] archive, String... headers) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(
        """
        --edge\r
        Content-Disposition: form-data; name="name"\r
        \r
        uploaded\r
        --edge\r
        Content-Disposition: form-data; name="split"\r
        \r
        {"strategy":"random","validFraction":0.25,"seed":7}\r
        --edge\r
        Content-Disposition: form-data; name="archive"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .formatted(fileName)
            .getBytes(UTF_8));
    body.write(archive);
    body.write("\r\n--edge--\r\n".getBytes(UTF_8));
    return http().post(DATASETS, "multipart/form-data; boundary=edge", body.toByteArray(), headers);
  }

  /** The dataset that an answer speaks of, once its import has ended. */
  private JsonNode ended(Answer accepted) throws InterruptedException {
    // A tiny import may have ended before the answer was written, so any state is right here.
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    return ended(accepted.header("Location"));
  }

  private JsonNode ended(String path) throws InterruptedException {
    Http http = http();
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    JsonNode dataset = http.get(path).json();
    while (dataset.get("state").asString().equals("IMPORTING") && Instant.now().isBefore(end)) {
      Thread.sleep(20);
      dataset = http.get(path).json();
    }
    return dataset;
  }

  private static void assertReady(JsonNode dataset) {
    assertThat(dataset.get("state").asString()).as(dataset.toString()).isEqualTo("READY");
  }

  private static void assertFailed(JsonNode dataset, String because) throws IOException {
    assertNotReady(dataset, because);
    assertThat(HOME.resolve("store/datasets").resolve(dataset.get("id").asString())).doesNotExist();
    assertNothingTemporaryIsLeft();
  }

  private static void assertNotReady(JsonNode dataset, String because) {
    assertThat(dataset.get("state").asString()).as(dataset.toString()).isEqualTo("FAILED");
    assertThat(dataset.at("/failure/message").asString()).contains(because);
    assertThat(dataset.has("labels")).isFalse();
  }

  /** The last files go right after an import's end was written. */
  private static void assertNothingTemporaryIsLeft() {
    await()
        .untilAsserted(
            () ->
                assertThat(files(HOME.resolve("tmp")))
                    .noneMatch(name -> name.startsWith("import-") || name.endsWith(".upload")));
  }

  private static void assertNoUploadIsLeft() {
    await().untilAsserted(() -> assertThat(files(HOME.resolve("store/uploads"))).isEmpty());
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void theSampleIsImportedSeenAndDeleted() throws Exception {
    Answer accepted = http().post(DATASETS, Map.of("source", Map.of("type", "sample")));
    assertThat(accepted.json().get("state").asString()).isEqualTo("IMPORTING");
    JsonNode dataset = ended(accepted);
    assertReady(dataset);
    String path = accepted.header("Location");
    assertThat(path).isEqualTo(DATASETS + "/" + dataset.get("id").asString());
    Path kept = HOME.resolve("store/datasets").resolve(dataset.get("id").asString());
    assertThat(kept.resolve("1/pictures.zip")).exists();
    assertThat(dataset.get("name").asString()).isEqualTo("sample");
    assertThat(dataset.get("pictures").asInt()).isEqualTo(1_000);
    assertThat(dataset.at("/split/strategy").asString()).isEqualTo("folders");
    assertThat(dataset.at("/progress/pictures").asInt()).isEqualTo(1_000);
    assertThat(dataset.get("labels")).hasSize(10);
    assertThat(dataset.at("/labels/0/name").asString()).isEqualTo("arrow");
    assertThat(dataset.at("/labels/0/train").asInt()).isEqualTo(80);
    assertThat(dataset.at("/labels/0/valid").asInt()).isEqualTo(20);
    for (String statistic : new String[] {"mean", "std"}) {
      assertThat(dataset.get(statistic))
          .hasSize(3)
          .allSatisfy(value -> assertThat(value.asDouble()).isBetween(0.1, 0.9));
    }

    JsonNode audit = http().get(path + "/audit").json();
    assertThat(audit.at("/unreadable/count").asInt()).isZero();
    assertThat(audit.at("/exactDuplicates/count").asInt()).isZero();
    assertThat(audit.at("/imbalance/0/ratio").asDouble()).isEqualTo(1);

    Answer renamed = http().json("PATCH", path, Map.of("name", "shapes"));
    assertThat(renamed.json().get("name").asString()).isEqualTo("shapes");
    assertThat(http().json("PATCH", path, Map.of("name", " ")).status()).isEqualTo(422);
    assertThat(http().json("PATCH", path, Map.of()).status()).isEqualTo(422);
    JsonNode rehearsed = http().delete(path + "?dryRun=true").json();
    assertThat(rehearsed.get("pictures").asInt()).isEqualTo(1_000);
    assertThat(rehearsed.get("files").asInt()).isPositive();
    assertThat(rehearsed.get("bytes").asLong()).isGreaterThan(100_000);
    assertThat(http().get(path).status()).isEqualTo(200);

    assertThat(http().delete(path).status()).isEqualTo(204);
    assertThat(http().get(path).status()).isEqualTo(404);
    assertThat(http().delete(path).status()).isEqualTo(404);
    assertThat(kept.resolve("1/pictures.zip")).doesNotExist();
  }

  @Test
  void aDirectoryIsImportedAndAudited() throws Exception {
    Map<String, byte[]> files = twoClasses();
    files.put("set/train/cat/broken.jpg", "no picture".getBytes(UTF_8));
    files.put("set/train/cat/.hidden.png", Archives.png(1));
    files.put("set/train/top.png", Archives.png(2));
    files.put("set/notes.txt", "hello".getBytes(UTF_8));
    files.put("set/val/dog/leak.png", files.get("set/train/dog/1.PNG"));
    files.put("set/train/=cmd()|<b>/only.png", Archives.png(0x123456));
    Path directory = directory("audited", files);
    Files.createDirectories(directory.resolve("set/train/empty"));

    Answer accepted = submitDirectory(directory);
    JsonNode dataset = ended(accepted);
    assertReady(dataset);
    assertThat(dataset.get("pictures").asInt()).isEqualTo(18);
    assertThat(dataset.at("/progress/unreadable").asInt()).isEqualTo(1);
    assertThat(dataset.at("/layout/parts/0/folders").toString()).isEqualTo("[\"set/train\"]");
    assertThat(dataset.at("/layout/labels/from").asString()).isEqualTo("parent-folder");
    assertThat(dataset.at("/layout/warnings").toString())
        .contains("1 picture is in no class folder and left out: set/train/top.png");
    assertThat(dataset.at("/labels/0/name").asString()).isEqualTo("=cmd()|<b>");

    JsonNode audit = http().get(accepted.header("Location") + "/audit").json();
    assertThat(audit.get("ignoredFiles").asInt()).isEqualTo(1);
    assertThat(audit.at("/unreadable/count").asInt()).isEqualTo(1);
    assertThat(audit.at("/unreadable/items/0/path").asString())
        .isEqualTo("set/train/cat/broken.jpg");
    assertThat(audit.at("/unlabelled/items").toString()).isEqualTo("[\"set/train/top.png\"]");
    assertThat(audit.at("/emptyFolders/items/0").asString()).isEqualTo("set/train/empty/");
    assertThat(audit.at("/emptyClasses/items/0").toString())
        .isEqualTo("{\"label\":\"=cmd()|<b>\",\"part\":\"valid\"}");
    assertThat(audit.at("/imbalance/0/ratio").asDouble()).isEqualTo(4);
    assertThat(audit.at("/exactDuplicates/count").asInt()).isEqualTo(1);
    assertThat(audit.at("/leaks/items/0/likeness").asString()).isEqualTo("exact");
    assertThat(audit.at("/leaks/items/0/pictures").findValuesAsString("path"))
        .containsExactly("set/train/dog/1.PNG", "set/val/dog/leak.png");
    JsonNode leak = audit.at("/leaks/items/0/pictures/1");
    JsonNode seen = http().get(accepted.header("Location") + "/images?limit=500").json();
    JsonNode numbered = seen.get("items").get(leak.get("image").asInt());
    assertThat(numbered.get("path")).isEqualTo(leak.get("path"));
  }

  @Test
  void anUploadIsImportedAndItsPicturesAreShown() throws Exception {
    Answer accepted = upload("cats & dogs.tgz", Archives.gzip(Archives.tar(twoClasses())));
    JsonNode dataset = ended(accepted);
    assertReady(dataset);
    assertThat(dataset.get("name").asString()).isEqualTo("uploaded");
    assertThat(dataset.at("/source/path").asString()).isEqualTo("cats & dogs.tgz");
    assertThat(dataset.at("/labels/0/valid").asInt() + dataset.at("/labels/1/valid").asInt())
        .isEqualTo(4);
    assertNoUploadIsLeft();

    String images = accepted.header("Location") + "/images";
    JsonNode first = http().get(images + "?label=dog&limit=5").json();
    JsonNode rest =
        http().get(images + "?label=dog&cursor=" + first.get("nextCursor").asString()).json();
    assertThat(first.get("items")).hasSize(5);
    assertThat(rest.get("items")).hasSize(3);
    assertThat(rest.has("nextCursor")).isFalse();
    assertThat(http().get(images + "?split=valid").json().get("items")).hasSize(4);

    int id = first.at("/items/0/id").asInt();
    Answer jpeg = http().get(images + "/" + id + "?size=16");
    assertThat(jpeg.header("Content-Type")).isEqualTo("image/jpeg");
    Picture shown = PictureDecoder.decode(jpeg.bytes());
    assertThat(shown.width()).isEqualTo(16);
    assertThat(shown.height()).isEqualTo(11);
    Answer view = http().get(images + "/" + id + "/view?itemSize=48&size=32");
    assertThat(view.header("Content-Type")).isEqualTo("image/png");
    Picture seen = PictureDecoder.decode(view.bytes());
    assertThat(seen.width()).isEqualTo(32);
    assertThat(seen.height()).isEqualTo(32);
    assertThat(http().get(images + "/16/view").status()).isEqualTo(404);
    assertThat(http().get(images + "/1/view?itemSize=48&size=49").status()).isEqualTo(422);
    assertThat(http().get(images + "/16").status()).isEqualTo(404);
    assertThat(http().get(images + "/1?size=0").status()).isEqualTo(422);
    assertThat(http().get(images + "?split=tests").status()).isEqualTo(422);
    assertThat(http().get(images + "?limit=501").status()).isEqualTo(422);
  }

  @Test
  void anImportedDatasetIsUnderstoodInAnotherWay() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      files.put("train/cat/2021/red_" + i + ".png", Archives.png(0x100000 * i + 3));
      files.put("train/dog/2022/blue_" + i + ".png", Archives.png(0x1000 * i + 5));
      files.put("val/dog/2022/red_9" + i + ".png", Archives.png(0x10 * i + 0x300001));
    }
    Answer accepted = submitDirectory(directory("another", files));
    String path = accepted.header("Location");
    JsonNode first = ended(accepted);
    assertReady(first);
    assertThat(first.at("/layout/warnings").toString()).contains("first-folder");

    JsonNode again =
        http().json("PATCH", path, Map.of("labels", "first-folder", "name", "beasts")).json();
    assertThat(again.get("name").asString()).isEqualTo("beasts");
    assertThat(again.at("/labels").findValuesAsString("name")).containsExactly("cat", "dog");
    assertThat(again.at("/labels/1/valid").asInt()).isEqualTo(4);
    assertThat(again.at("/mean")).isEqualTo(first.at("/mean"));
    assertThat(http().get(path + "/images?label=cat").json().get("items")).hasSize(4);

    Map<String, Object> colours = Map.of("pattern", "^(?<label>red|blue)_");
    again = http().json("PATCH", path, Map.of("labels", colours, "split", "random")).json();
    assertThat(again.at("/labels").findValuesAsString("name")).containsExactly("blue", "red");
    assertThat(again.at("/split/strategy").asString()).isEqualTo("random");

    Answer refused = http().json("PATCH", path, Map.of("labels", Map.of("pattern", "(none)")));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text()).contains("not matched by the pattern");
    assertThat(http().json("PATCH", path, Map.of()).status()).isEqualTo(422);
    assertThat(http().get(path).json().at("/labels")).isEqualTo(again.at("/labels"));
    assertThat(http().get(path + "/images?label=red").json().get("items")).hasSize(8);
    assertThat(stored(path)).containsExactlyInAnyOrder("pictures.zip", "index.tsv");
    assertThat(http().delete(path).status()).isEqualTo(204);
  }

  @Test
  void picturesOfOneGroupNeverStandOnBothSides() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 40; i++) {
      String name = "%s/video%d_%02d.png".formatted(i % 2 == 0 ? "cat" : "dog", i / 4, i);
      files.put(name, Archives.png(0x10203 * i + 7));
    }
    Map<String, Object> group = Map.of("pattern", "^(?<group>video\\d+)_");
    String split = new JsonMapper().writeValueAsString(Map.of("group", group));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(part("archive\"; filename=\"a.zip", Archives.zip(files)));
    body.writeBytes(part("split", split.getBytes(UTF_8)));
    body.writeBytes("--edge--\r\n".getBytes(UTF_8));
    Answer accepted =
        http().post(DATASETS, "multipart/form-data; boundary=edge", body.toByteArray());
    String path = accepted.header("Location");
    JsonNode dataset = ended(accepted);
    assertReady(dataset);
    assertThat(dataset.at("/split/strategy").asString()).isEqualTo("random");
    assertThat(dataset.at("/split/group/pattern").asString()).isEqualTo(group.get("pattern"));
    assertThat(dataset.at("/layout/groups/count").asInt()).isEqualTo(10);
    assertThat(dataset.at("/layout/groups/first/0").asString()).isEqualTo("video0");
    Set<String> first = videos(path, "valid");
    assertThat(first).hasSize(2).doesNotContainAnyElementsOf(videos(path, "train"));

    Map<String, Object> another = Map.of("seed", 1, "group", group);
    assertReady(http().json("PATCH", path, Map.of("split", another)).json());
    assertThat(videos(path, "valid"))
        .hasSize(2)
        .isNotEqualTo(first)
        .doesNotContainAnyElementsOf(videos(path, "train"));

    Map<String, ?> dropped =
        Map.of("reason", "blurred", "edits", List.of(Map.of("picture", 0, "action", "drop")));
    JsonNode version = http().json("PATCH", path + "/labels", dropped).json();
    assertThat(version.at("/split/group/pattern").asString()).isEqualTo(group.get("pattern"));
    for (JsonNode parted : List.of(dataset, version)) {
      String id = parted.get("id").asString();
      Map<String, ?> leaking = Map.of("dataset", id, "recipe", "notebook-progressive");
      Answer refused = http().post("/api/v1/runs/validate", leaking);
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.text()).contains("would part the groups");
      assertThat(http().delete(DATASETS + "/" + id).status()).isEqualTo(204);
    }
  }

  private Set<String> videos(String path, String part) {
    JsonNode items = http().get(path + "/images?limit=500&split=" + part).json().get("items");
    return items.findValuesAsString("path").stream()
        .map(name -> name.replaceAll(".*/|_.*", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void picturesWithoutLabelsAreKeptUntilARuleGivesThemSome() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      files.put("train/red_" + i + ".png", Archives.png(0x100000 * i + 3));
      files.put("train/blue_" + i + ".png", Archives.png(0x1000 * i + 5));
    }
    files.put("train/broken.png", "no picture".getBytes(UTF_8));
    files.put("train/.DS_Store", new byte[8]);
    Answer accepted = upload("flat.zip", Archives.zip(files));
    String path = accepted.header("Location");
    JsonNode dataset = ended(accepted);
    assertNotReady(dataset, "none of the 8 pictures has a label");
    assertThat(dataset.at("/failure/fix").asString())
        .contains("add labels: {\"pattern\"")
        .contains("PATCH " + path + " with labels or split");
    assertThat(dataset.at("/layout/ignored").toString()).contains("train/.DS_Store");
    assertNoUploadIsLeft();
    assertThat(http().get(path + "/audit").status()).isEqualTo(409);
    assertThat(http().json("PATCH", path, Map.of("labels", "first-folder")).status())
        .isEqualTo(422);

    Map<String, Object> colours = Map.of("pattern", "^(?<label>[a-z]+)_");
    JsonNode again = http().json("PATCH", path, Map.of("labels", colours)).json();
    assertReady(again);
    assertThat(again.has("failure")).isFalse();
    assertThat(again.at("/labels").toString())
        .isEqualTo(
            "[{\"name\":\"blue\",\"train\":3,\"valid\":1},{\"name\":\"red\",\"train\":3,\"valid\":1}]");
    assertThat(again.at("/layout/ignored").toString())
        .contains("train/.DS_Store", "train/broken.png");
    JsonNode audit = http().get(path + "/audit").json();
    assertThat(audit.at("/unreadable/items/0/path").asString()).isEqualTo("train/broken.png");
    assertThat(http().get(path + "/images?label=red").json().get("items")).hasSize(4);
    assertThat(http().delete(path).status()).isEqualTo(204);
    await().untilAsserted(() -> assertThat(stored(path)).isEmpty());
  }

  @Test
  void aTableSentLaterGivesLabelsAndIsKeptWithTheDataset() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 8; i++) {
      files.put("pictures/" + i + ".png", Archives.png(0x10203 * i + 7));
    }
    Answer accepted = upload("flat.zip", Archives.zip(files));
    String path = accepted.header("Location");
    assertNotReady(ended(accepted), "the same label 'pictures'");

    String halves = "id,half,odd\n0,a,e\n1,a,o\n2,a,e\n3,a,o\n4,b,e\n5,b,o\n6,b,e\n7,b,o\n";
    Multipart body = new Multipart().file("csv", "halves.csv", halves.getBytes(UTF_8));
    JsonNode again = patch(path, body.field("name", "numbers")).json();
    assertReady(again);
    assertThat(again.get("name").asString()).isEqualTo("numbers");
    assertThat(again.at("/labels").findValuesAsString("name")).containsExactly("a", "b");
    assertThat(again.at("/layout/labels/csv").asString()).isEqualTo("halves.csv");

    // The table stays: another of its columns, then another split by the same.
    Map<String, Object> odd = Map.of("csv", "halves.csv", "label", "odd");
    again = http().json("PATCH", path, Map.of("labels", odd)).json();
    assertThat(again.at("/labels").findValuesAsString("name")).containsExactly("e", "o");
    Map<String, Object> half = Map.of("validFraction", 0.5);
    again = http().json("PATCH", path, Map.of("split", half)).json();
    assertThat(again.at("/labels/0/valid").asInt()).isEqualTo(2);
    assertThat(stored(path)).containsExactlyInAnyOrder("pictures.zip", "index.tsv", "table.csv");

    // A second one takes its place, with the rule beside it; a wrong one changes nothing.
    byte[] second = halves.replace("b,e", "c,e").getBytes(UTF_8);
    body = new Multipart().file("csv", "new.csv", second).field("labels", "{\"csv\": \"new.csv\"}");
    again = patch(path, body.field("split", "random")).json();
    assertThat(again.at("/labels").findValuesAsString("name")).containsExactly("a", "b", "c");
    assertThat(again.at("/split/validFraction").asDouble()).isEqualTo(0.2);
    Answer wrong = patch(path, new Multipart().file("csv", "x.csv", "a,b\n1,2\n".getBytes(UTF_8)));
    assertThat(wrong.status()).as(wrong.text()).isEqualTo(422);
    assertThat(http().get(path).json().at("/labels")).isEqualTo(again.at("/labels"));
    await()
        .untilAsserted(
            () ->
                assertThat(stored(path))
                    .containsExactlyInAnyOrder("pictures.zip", "index.tsv", "table.csv"));

    Answer none = patch(path, new Multipart().field("labels", "first-folder"));
    assertThat(none.status()).isEqualTo(422);
    assertThat(none.text()).contains("the part 'csv' is missing or empty");
    Answer odder = patch(path, new Multipart().file("csv", "a.csv", second).field("labels", "{"));
    assertThat(odder.status()).isEqualTo(422);
    assertThat(patch(DATASETS + "/" + UUID.randomUUID(), new Multipart().field("a", "b")).status())
        .isEqualTo(404);
    byte[] large = new byte[(64 << 20) + 1];
    Answer tooLarge = patch(path, new Multipart().file("csv", "a.csv", large));
    assertThat(tooLarge.status()).as(tooLarge.text()).isEqualTo(413);
    assertThat(tooLarge.text()).contains("67108865 bytes > maximum 67108864");
    assertNothingTemporaryIsLeft();
    assertThat(http().delete(path).status()).isEqualTo(204);
    await().untilAsserted(() -> assertThat(stored(path)).isEmpty());
  }

  private Answer patch(String path, Multipart body) {
    return http().patch(path, Multipart.CONTENT_TYPE, body.bytes());
  }

  /** The names of a dataset's files in the store. */
  private static List<String> stored(String path) throws IOException {
    Path folder = HOME.resolve("store").resolve(path.substring("/api/v1/".length()));
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void aDryRunSaysHowItWouldBeUnderstood() throws Exception {
    Path directory = directory("looked-at", twoClasses());
    int before = http().get(DATASETS + "?limit=200").json().get("items").size();
    Map<String, Object> source = Map.of("type", "directory", "path", directory.toString());
    JsonNode look = http().post(DATASETS + "?dryRun=true", Map.of("source", source)).json();
    assertThat(look.at("/labels").toString())
        .isEqualTo(
            "[{\"name\":\"cat\",\"train\":4,\"valid\":4},{\"name\":\"dog\",\"train\":4,\"valid\":4}]");
    assertThat(look.at("/layout/parts/1/folders/0").asString()).isEqualTo("set/val");
    Map<String, Object> wrong = Map.of("source", source, "labels", Map.of("pattern", "(z)"));
    look = http().post(DATASETS + "?dryRun=true", wrong).json();
    assertThat(look.get("problem").asString()).contains("none of the 16 pictures has a label");
    Map<String, Object> alone =
        Map.of("type", "directory", "path", directory.resolve("set/train").toString());
    look = http().post(DATASETS + "?dryRun=true", Map.of("source", alone)).json();
    assertThat(look.at("/split/strategy").asString()).isEqualTo("random");
    assertThat(look.at("/labels").toString())
        .isEqualTo(
            "[{\"name\":\"cat\",\"train\":3,\"valid\":1},{\"name\":\"dog\",\"train\":3,\"valid\":1}]");
    Map<String, Object> folders = Map.of("source", alone, "split", "folders");
    look = http().post(DATASETS + "?dryRun=true", folders).json();
    assertThat(look.get("problem").asString()).contains("a split by folders needs pictures");
    assertThat(http().get(DATASETS + "?limit=200").json().get("items")).hasSize(before);
  }

  @Test
  void aTableSentBesideTheArchiveGivesLabels() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      files.put(i + ".png", Archives.png(0x10203 * i + 7));
    }
    String table = "file,label\n0,a\n1,a\n2,b\n3,b\n4,a\n5,b\n";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(part("archive\"; filename=\"a.zip", Archives.zip(files)));
    body.writeBytes(part("csv\"; filename=\"who.csv", table.getBytes(UTF_8)));
    body.writeBytes("--edge--\r\n".getBytes(UTF_8));
    JsonNode dataset =
        ended(http().post(DATASETS, "multipart/form-data; boundary=edge", body.toByteArray()));
    assertReady(dataset);
    assertThat(dataset.at("/labels").findValuesAsString("name")).containsExactly("a", "b");
    assertThat(dataset.at("/layout/labels/csv").asString()).isEqualTo("who.csv");
    assertNoUploadIsLeft();
  }

  private static byte[] part(String name, byte[] content) {
    ByteArrayOutputStream part = new ByteArrayOutputStream();
    String head = "--edge\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n";
    part.writeBytes(head.formatted(name).getBytes(UTF_8));
    part.writeBytes(content);
    part.writeBytes("\r\n".getBytes(UTF_8));
    return part.toByteArray();
  }

  @Test
  void theSameKeyMakesOneDataset() throws Exception {
    byte[] zip = Archives.zip(twoClasses());
    String[] key = {"Idempotency-Key", UUID.randomUUID().toString()};
    Answer first = upload("a.zip", zip, key);
    Answer again = upload("a.zip", zip, key);
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(upload("a.zip", Archives.zip(Map.of("a/1.png", zip)), key).status()).isEqualTo(409);
    assertReady(ended(first.header("Location")));
    assertNoUploadIsLeft();
    assertThat(http().delete(first.header("Location")).status()).isEqualTo(204);
    assertThat(upload("a.zip", zip, key).status()).as("what it made is gone").isEqualTo(404);
  }

  @Test
  void anArchiveThatAttacksFailsAndLeavesNothing() throws Exception {
    Map<String, byte[]> files = twoClasses();
    files.put("../../evil.png", Archives.png(1));
    assertFailed(ended(upload("evil.tar", Archives.tar(files))), "leaves its directory");
    assertNoUploadIsLeft();
    assertFailed(ended(upload("x.tar", "no archive".getBytes(UTF_8))), "no archive");
    byte[] zip = Archives.zip(Map.of("a/1.png", Archives.png(1)));
    zip[Archives.central(zip) + 10] = 98;
    assertFailed(ended(upload("x.zip", zip)), "method 98 (PPMd)");
    zip[Archives.central(zip) + 10] = 93;
    assertFailed(ended(upload("x.zip", zip)), "damaged");
    assertReady(ended(upload("good.zip", Archives.zip(twoClasses()))));
  }

  @Test
  void whatCannotBeLearnedFromFails() throws Exception {
    Path nothing = Files.createDirectories(HOME.resolve("pictures").resolve("nothing"));
    JsonNode none = ended(submitDirectory(nothing));
    assertFailed(none, "no picture could be read");
    String path = DATASETS + "/" + none.get("id").asString();
    Answer again = http().json("PATCH", path, Map.of("labels", "first-folder"));
    assertThat(again.status()).as("nothing is kept of it").isEqualTo(409);
    assertThat(again.text()).contains("is FAILED");
    Path one = directory("one", Map.of("a/1.png", Archives.png(1), "a/2.png", Archives.png(2)));
    assertNotReady(ended(submitDirectory(one)), "have the same label 'a'");
    Path link = directory("link", Map.of("a/1.png", Archives.png(1), "b/1.png", Archives.png(2)));
    Files.createSymbolicLink(link.resolve("b/2.png"), Path.of("/etc/passwd"));
    JsonNode linked = ended(submitDirectory(link));
    assertThat(linked.get("pictures").asInt()).isEqualTo(2);
    String audit = DATASETS + "/" + linked.get("id").asString() + "/audit";
    assertThat(http().get(audit).json().at("/unreadable/items/0").toString())
        .isEqualTo("{\"path\":\"b/2.png\",\"reason\":\"is a link\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|source is missing",
        "{'source':{}}|source.type",
        "{'source':{'type':'ftp'}}|",
        "{'source':{'type':'upload'}}|upload has no archive",
        "{'source':{'type':'directory'}}|source.path",
        "{'source':{'type':'directory','path':'/etc'}}|does not exist below",
        "{'source':{'type':'directory','path':'/no/such/place'}}|does not exist below",
        "{'source':{'type':'directory','path':'../../etc'}}|does not exist below",
        "{'source':{'type':'url'}}|source.url",
        "{'source':{'type':'url','url':'http://example.org/a.tgz'}}|https",
        "{'source':{'type':'url','url':'file:///etc/passwd'}}|https",
        "{'source':{'type':'url','url':'https://u:p@example.org/a.tgz'}}|https",
        "{'source':{'type':'url','url':'https://example.org/a','sha256':'12'}}|64 hex digits",
        "{'source':{'type':'url','url':'https://example.org:99999/a.tgz'}}|has port 99999",
        "{'source':{'type':'url','url':'https://example.org:0/a.tgz'}}|has port 0",
        "{'source':{'type':'s3'}}|source.url",
        "{'source':{'type':'s3','url':'https://example.org/a'}}|must be s3://bucket/prefix",
        "{'source':{'type':'s3','url':'s3://bucket/a'}}|does not lie in the buckets",
        "{'source':{'type':'s3','url':'s3://bucket/a','path':'/a'}}|source.path",
        "{'source':{'type':'url','url':'s3://bucket/a'}}|https",
        "{'source':{'type':'sample'},'split':{'validFraction':1}}|validFraction",
        "{'source':{'type':'sample'},'split':{'strategie':'random'}}|strategy",
        "{'source':{'type':'sample'},'split':'foldrs'}|did you mean 'folders'",
        "{'source':{'type':'sample'},'split':7}|split",
        "{'source':{'type':'sample'},'split':{'group':{}}}|split.group.pattern is missing",
        "{'source':{'type':'sample'},'split':{'group':{'pattern':'a+'}}}|has no group, as (?<group>",
        "{'source':{'type':'sample'},'split':{'group':{'pattern':'(a'}}}|is no regular expression",
        "{'source':{'type':'sample'},'split':{'strategy':'folders','group':{'pattern':'(a)'}}}|split.group",
        "{'source':{'type':'sample'},'name':' '}|name must have",
      })
  void nonsenseIsRefusedAndLeavesNothing(String body, String because) {
    long before = datasets.findByIdLessThanOrderByIdDesc(new UUID(-1, -1), limit()).size();
    Answer refused = http().post(DATASETS, body.replace('\'', '"'));
    assertThat(refused.status()).as(refused.text()).isEqualTo(422);
    assertThat(refused.text()).contains(because == null ? "" : because);
    assertThat(datasets.findByIdLessThanOrderByIdDesc(new UUID(-1, -1), limit()))
        .hasSize((int) before);
  }

  private static Limit limit() {
    return Limit.unlimited();
  }

  @Test
  void theSplitMayBeAWord() throws Exception {
    Map<String, ?> wanted = Map.of("source", Map.of("type", "sample"), "split", "random");
    Answer accepted = http().post(DATASETS, wanted);
    assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    assertThat(accepted.json().at("/split/strategy").asString()).isEqualTo("random");
    ended(accepted);
  }

  @Test
  void aPrivateServerIsNeverAsked() throws Exception {
    for (String host : new String[] {"127.0.0.1:1", "localhost:1", "[::1]", "169.254.169.254"}) {
      Map<String, String> source = Map.of("type", "url", "url", "https://" + host + "/a.tgz");
      Answer accepted = http().post(DATASETS, Map.of("source", source));
      assertFailed(ended(accepted), "is not a public address");
    }
  }

  @Test
  void listsArePagedNewestFirst() throws Exception {
    Path directory = directory("paged", twoClasses());
    String older = ended(submitDirectory(directory)).get("id").asString();
    String newer = ended(submitDirectory(directory)).get("id").asString();
    JsonNode first = http().get(DATASETS + "?limit=1").json();
    assertThat(first.at("/items/0/id").asString()).isEqualTo(newer);
    JsonNode second =
        http().get(DATASETS + "?limit=1&cursor=" + first.get("nextCursor").asString()).json();
    assertThat(second.at("/items/0/id").asString()).isEqualTo(older);
  }

  @Test
  void theCatalogNamesPublicArchives() {
    JsonNode items = http().get(DATASETS + "/catalog").json().get("items");
    assertThat(items).hasSize(6);
    assertThat(items.get(0).at("/source/url").asString())
        .isEqualTo("https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz");
    assertThat(http().get(DATASETS + "/" + UUID.randomUUID() + "/audit").status()).isEqualTo(404);
  }
}
