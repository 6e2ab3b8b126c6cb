package dev.onecycle.serving.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.dataset.pixels.SampleDataset;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Weights go to fastai and come from it without losing a point: both sides look at 1,000 pictures
 * that neither was trained on, through their own pixels. Needs a Python with fastai and
 * safetensors, {@code python3} or the one that ONECYCLE_PYTHON names; skipped without.
 * BENCH_PICTURES may name a folder of real pictures in {@code train/LABEL/} and {@code val/LABEL/};
 * else they are drawn.
 */
@Tag("proof")
@TestPropertySource(properties = "onecycle.serving.precision=float32")
class FastaiIT extends OpenServer {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");
  private static final String MISSES_NONE =
      "from importlib.util import find_spec;exit(None in map(find_spec, ('fastai', 'safetensors')))";
  private static final String SCRIPT = "src/test/python/fastai_twin.py";
  private static final int ITEM_SIZE = 72;
  private static final int SIZE = 64;
  private static final int EPOCHS = 4;

  /**
   * How often each side augments anew: the draws alone move the accuracy of one time by a point.
   */
  private static final int ROUNDS = 10;

  private static final Path FOLDER = HOME.resolve("pictures").resolve("fastai");
  private static Path pictures;

  @BeforeAll
  static void draw() throws Exception {
    assumeTrue(
        exitCode(List.of(PYTHON, "-c", MISSES_NONE)) == 0,
        PYTHON
            + " has no fastai and safetensors: pip install them, or name another Python in"
            + " ONECYCLE_PYTHON");
    pictures = FOLDER.resolve("drawn");
    String named = System.getenv("BENCH_PICTURES");
    if (named != null) {
      Files.createDirectories(FOLDER);
      copy(Path.of(named), pictures);
      return;
    }
    new SampleDataset(new Seed(1)).draw((path, png) -> put("train", path, png));
    new SampleDataset(new Seed(2)).draw((path, png) -> put("val", path, png));
  }

  private static void put(String part, String path, byte[] png) throws IOException {
    String[] segments = path.split("/", 3);
    Path file = pictures.resolve(part).resolve(segments[1]).resolve(segments[2]);
    Files.createDirectories(file.getParent());
    Files.write(file, png);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copied = to.resolve(from.relativize(file).toString());
        Files.createDirectories(copied.getParent());
        Files.copy(file, copied);
      }
    }
  }

  @Test
  void whatFastaiTrainedAnswersTheSameHere() throws Exception {
    Path weights = FOLDER.resolve("theirs.safetensors");
    python("train", ITEM_SIZE, SIZE, EPOCHS, weights);
    Told told = answers(weights);
    Map<String, ?> manifest =
        Map.of(
            "architecture",
            "xresnet18",
            "labels",
            told.labels,
            "itemSize",
            ITEM_SIZE,
            "size",
            SIZE);
    byte[] body =
        new Multipart()
            .file("weights", "m.safetensors", Files.readAllBytes(weights))
            .field("manifest", new JsonMapper().writeValueAsString(manifest))
            .bytes();
    Answer created = http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    assertThat(created.json().at("/preprocessing/chain").asString()).isEqualTo("fastai");
    assertSame(created.json().get("id").asString(), told);
  }

  @Test
  void whatIsTrainedHereAnswersTheSameInFastai() throws Exception {
    String checkpoint = trained();
    Path weights = FOLDER.resolve("ours.safetensors");
    Files.write(weights, http().get("/api/v1/checkpoints/" + checkpoint + "/weights").bytes());
    assertSame(checkpoint, answers(weights));
  }

  /** A short run's best checkpoint. */
  private String trained() {
    Map<String, ?> source = Map.of("type", "directory", "path", pictures.toString());
    Map<String, ?> wanted = Map.of("name", "fastai", "source", source, "split", "folders");
    Answer imported = http().post("/api/v1/datasets", wanted);
    assertThat(imported.status()).as(imported.text()).isEqualTo(202);
    String dataset = imported.json().get("id").asString();
    String path = "/api/v1/datasets/" + dataset;
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> http().get(path).json().get("state").asString().equals("READY"));
    Map<String, ?> request =
        Map.of(
            "dataset",
            dataset,
            "recipe",
            "smoke",
            "overrides",
            Map.of("itemSize", ITEM_SIZE, "phases[0].size", SIZE, "phases[0].epochs", EPOCHS));
    String run = "/api/v1/runs/" + http().post("/api/v1/runs", request).json().get("id").asString();
    await().atMost(Duration.ofMinutes(20)).until(() -> http().get(run).json().has("endedAt"));
    JsonNode ended = http().get(run).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    return ended.get("checkpoint").asString();
  }

  /**
   * What fastai answers, [pictures, labels], by test-time augmentation [rounds, pictures, labels].
   */
  private record Told(
      List<String> labels, List<String> paths, double[][] plain, double[][][] tta) {}

  private static Told answers(Path weights) throws Exception {
    Path answers = FOLDER.resolve("answers.json");
    python("answer", ITEM_SIZE, SIZE, weights, ROUNDS, answers);
    return new JsonMapper().readValue(answers.toFile(), Told.class);
  }

  private static void python(String mode, Object... words) {
    List<String> command = new ArrayList<>(List.of(PYTHON, SCRIPT, mode, pictures.toString()));
    Arrays.stream(words).map(Object::toString).forEach(command::add);
    assertThat(exitCode(command)).as("%s", command).isZero();
  }

  private void assertSame(String checkpoint, Told told) throws IOException {
    http().put("/api/v1/models/fastai", Map.of("checkpoint", checkpoint));
    int count = told.paths.size();
    assertThat(count).isGreaterThanOrEqualTo(1000);
    double[] apart = new double[count];
    int sameTop = 0;
    int right = 0;
    int theirRight = 0;
    double rightByTta = 0;
    double theirRightByTta = 0;
    for (int i = 0; i < count; i++) {
      String path = told.paths.get(i);
      String truth = path.substring(0, path.indexOf('/'));
      byte[] file = Files.readAllBytes(pictures.resolve("val").resolve(path));
      JsonNode ours = best("", file);
      int top = top(told.plain[i]);
      String label = told.labels.get(top);
      sameTop += ours.get("label").asString().equals(label) ? 1 : 0;
      apart[i] = Math.abs(ours.get("probability").asDouble() - told.plain[i][top]);
      right += ours.get("label").asString().equals(truth) ? 1 : 0;
      theirRight += label.equals(truth) ? 1 : 0;
      for (int round = 0; round < ROUNDS; round++) {
        String seeded = best("&tta=4&seed=" + round, file).get("label").asString();
        rightByTta += seeded.equals(truth) ? 1.0 / ROUNDS : 0;
        String theirs = told.labels.get(top(told.tta[round][i]));
        theirRightByTta += theirs.equals(truth) ? 1.0 / ROUNDS : 0;
      }
    }
    Arrays.sort(apart);
    String said =
        "%d pictures: right %d here, %d in fastai; by TTA %.1f and %.1f; same top label %d; top probability apart by %.5f in the median, %.5f at most"
            .formatted(
                count,
                right,
                theirRight,
                rightByTta,
                theirRightByTta,
                sameTop,
                apart[count / 2],
                apart[count - 1]);
    System.err.println(said);
    assertThat(theirRight).as("it learned something: %s", said).isGreaterThan(count / 4);
    assertThat(Math.abs(right - theirRight)).as(said).isLessThanOrEqualTo(count * 3 / 1000);
    assertThat(sameTop).as(said).isGreaterThanOrEqualTo(count * 99 / 100);
    assertThat(apart[count / 2]).as(said).isLessThanOrEqualTo(0.002);
    assertThat(Math.abs(rightByTta - theirRightByTta)).as(said).isLessThanOrEqualTo(count * 0.005);
  }

  private JsonNode best(String query, byte[] file) {
    String type = file[0] == (byte) 0xff ? "image/jpeg" : "image/png";
    Answer answer = http().post("/api/v1/models/fastai/predictions?topK=1" + query, type, file);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json().at("/predictions/0");
  }

  private static int top(double[] probabilities) {
    int top = 0;
    for (int k = 1; k < probabilities.length; k++) {
      top = probabilities[k] > probabilities[top] ? k : top;
    }
    return top;
  }

  private static int exitCode(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      return process.waitFor(20, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
