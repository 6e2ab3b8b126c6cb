package dev.onecycle.serving.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Open Inference Protocol: it answers what our own route answers, bit for bit. */
class InferenceIT extends OpenServer {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");
  private static final List<String> LABELS = List.of("ant", "bee", "cat", "dög");
  private static final String NAME = "protocol";
  private static final String MODEL = "/v2/models/" + NAME;
  private static final int SIZE = 64;
  private static final double ROUNDING = 1e-5;
  private static final byte[] PICTURE = Drawings.png(160, 120, false);
  private static final byte[] OTHER = Drawings.png(90, 200, true);
  private static final JsonMapper MAPPER = new JsonMapper();

  private static UUID checkpoint;

  @TempDir private Path folder;
  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  @BeforeEach
  void publish() {
    if (checkpoint == null) {
      checkpoint =
          checkpoints.save(store.write(States.manifest(LABELS, null), States.xresnet18(4, 9))).id();
      http().put("/api/v1/models/" + NAME, Map.of("checkpoint", checkpoint));
    }
  }

  /** What our own route says, in the order of the labels. */
  private double[] ours(String query, byte[] picture) {
    String path = "/api/v1/models/" + NAME + "/predictions?topK=4" + query;
    JsonNode predictions = http().post(path, "image/png", picture).json().get("predictions");
    double[] probabilities = new double[4];
    predictions.forEach(
        each ->
            probabilities[LABELS.indexOf(each.get("label").asString())] =
                each.get("probability").asDouble());
    return probabilities;
  }

  private static String base64(byte[] picture) {
    return Base64.getEncoder().encodeToString(picture);
  }

  private static Map<String, ?> image(byte[] picture) {
    return Map.of(
        "name",
        "image",
        "shape",
        List.of(1),
        "datatype",
        "BYTES",
        "data",
        List.of(base64(picture)));
  }

  private JsonNode infer(Object request) {
    Answer answer = http().post(MODEL + "/infer", request);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static double[] probabilities(JsonNode answer) {
    JsonNode data = answer.at("/outputs/0/data");
    double[] numbers = new double[data.size()];
    Arrays.setAll(numbers, i -> data.get(i).asDouble());
    return numbers;
  }

  @Test
  void theServiceAndItsModelsAreDescribed() {
    JsonNode server = http().get("/v2").json();
    assertThat(server.get("name").asString()).isEqualTo("onecycle");
    assertThat(server.at("/extensions/0").asString()).isEqualTo("binary_tensor_data");
    assertThat(http().get("/v2/health/live").text()).isEqualTo("{\"live\":true}");
    assertThat(http().get("/v2/health/ready").text()).isEqualTo("{\"ready\":true}");
    assertThat(http().get(MODEL + "/ready").json().get("ready").asBoolean()).isTrue();
    JsonNode model = http().get(MODEL).json();
    assertThat(model.get("name").asString()).isEqualTo(NAME);
    assertThat(model.at("/inputs/0/name").asString()).isEqualTo("image");
    assertThat(model.at("/inputs/0/datatype").asString()).isEqualTo("BYTES");
    assertThat(model.at("/inputs/1/shape")).isEqualTo(MAPPER.readTree("[-1, 3, 64, 64]"));
    assertThat(model.at("/inputs/1/parameters/mean/0").asDouble()).isEqualTo(.485);
    assertThat(model.at("/outputs/0/shape")).isEqualTo(MAPPER.readTree("[-1, 4]"));
    assertThat(model.at("/outputs/0/parameters/labels/3").asString()).isEqualTo("dög");
    assertThat(model.at("/outputs/1/name").asString()).isEqualTo("label");
  }

  @Test
  void aPictureInJsonIsAnsweredAsByOurOwnRoute() {
    JsonNode answer = infer(Map.of("id", "7", "inputs", List.of(image(PICTURE))));
    double[] ours = ours("", PICTURE);
    assertThat(probabilities(answer)).containsExactly(ours);
    assertThat(answer.get("model_name").asString()).isEqualTo(NAME);
    assertThat(answer.get("id").asString()).isEqualTo("7");
    assertThat(answer.at("/parameters/checkpoint").asString()).isEqualTo(checkpoint.toString());
    assertThat(answer.at("/outputs/0/datatype").asString()).isEqualTo("FP64");
    int best = 0;
    for (int k = 1; k < ours.length; k++) {
      best = ours[k] > ours[best] ? k : best;
    }
    assertThat(answer.at("/outputs/1/data/0").asString()).isEqualTo(LABELS.get(best));
  }

  @Test
  void optionsAreThoseOfOurOwnRoute() {
    Map<String, ?> options = Map.of("tta", "4", "seed", 3, "beta", .5);
    JsonNode answer = infer(Map.of("inputs", List.of(image(PICTURE)), "parameters", options));
    assertThat(probabilities(answer))
        .containsExactly(ours("&tta=4&seed=3&beta=0.5", PICTURE))
        .isNotEqualTo(ours("", PICTURE));
  }

  /**
   * As tritonclient sends by default: two pictures behind the JSON, tensors behind the answer's.
   */
  @Test
  void tensorsFollowTheJson() {
    ByteArrayOutputStream files = new ByteArrayOutputStream();
    for (byte[] picture : List.of(PICTURE, OTHER)) {
      ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
      files.writeBytes(length.putInt(picture.length).array());
      files.writeBytes(picture);
    }
    Answer answer = binary("image", "BYTES", "[2, 1]", files.toByteArray(), "");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
    int length = Integer.parseInt(answer.header("Inference-Header-Content-Length"));
    JsonNode json = MAPPER.readTree(Arrays.copyOf(answer.bytes(), length));
    assertThat(json.at("/outputs/0/shape")).isEqualTo(MAPPER.readTree("[2, 4]"));
    assertThat(json.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(64);
    assertThat(json.at("/outputs/0").has("data")).isFalse();
    ByteBuffer bytes = ByteBuffer.wrap(answer.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(length);
    double[] numbers = new double[8];
    Arrays.setAll(numbers, i -> bytes.getDouble());
    Map<String, ?> both =
        Map.of(
            "name",
            "image",
            "shape",
            List.of(2),
            "datatype",
            "BYTES",
            "data",
            List.of(base64(PICTURE), base64(OTHER)));
    // Not bit for bit: how many pictures share a forward pass is a matter of time.
    assertThat(numbers)
        .containsExactly(probabilities(infer(Map.of("inputs", List.of(both)))), within(ROUNDING));
    List<String> labels = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] label = new byte[bytes.getInt()];
      bytes.get(label);
      labels.add(new String(label, UTF_8));
    }
    assertThat(labels).hasSize(2).isSubsetOf(LABELS);
  }

  private Answer binary(String name, String type, String shape, byte[] tensor, String more) {
    String json =
        """
        {"inputs": [{"name": "%s", "datatype": "%s", "shape": %s,
          "parameters": {"binary_data_size": %d}}], "parameters": {"binary_data_output": true}%s}"""
            .formatted(name, type, shape, tensor.length, more);
    byte[] head = json.getBytes(UTF_8);
    byte[] body = Arrays.copyOf(head, head.length + tensor.length);
    System.arraycopy(tensor, 0, body, head.length, tensor.length);
    return http()
        .post(
            MODEL + "/infer",
            "application/octet-stream",
            body,
            "Inference-Header-Content-Length",
            Integer.toString(head.length));
  }

  /** The view that our own route makes of a picture, [3, S, S]. */
  private static float[] pixels(byte[] picture) {
    Views views = Views.of(72, SIZE, Normalization.imagenet());
    FloatBuffer view = FloatBuffer.allocate(views.length());
    views.validView(PictureDecoder.decode(picture), view, 0);
    float[] pixels = new float[views.length()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = view.get(i % (SIZE * SIZE) * 3 + i / (SIZE * SIZE));
    }
    return pixels;
  }

  @Test
  void whatTheNetworkTakesIsTakenAsItIs() {
    float[] pixels = pixels(PICTURE);
    List<Object> nested = new ArrayList<>();
    for (float pixel : pixels) {
      nested.add(List.of(pixel));
    }
    Map<String, ?> input =
        Map.of(
            "name",
            "pixels",
            "shape",
            List.of(1, 3, SIZE, SIZE),
            "datatype",
            "FP32",
            "data",
            List.of(nested));
    Map<String, ?> wanted = Map.of("name", "probabilities");
    JsonNode answer = infer(Map.of("inputs", List.of(input), "outputs", List.of(wanted)));
    assertThat(probabilities(answer)).containsExactly(ours("", PICTURE));
    assertThat(answer.get("outputs").size()).isEqualTo(1);
    ByteBuffer bytes = ByteBuffer.allocate(4 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(pixels);
    String json =
        ", \"outputs\": [{\"name\": \"probabilities\", \"parameters\": {\"binary_data\": false}}]";
    Answer again = binary("pixels", "FP32", "[1, 3, 64, 64]", bytes.array(), json);
    assertThat(again.header("Content-Type")).isEqualTo("application/json");
    assertThat(again.json().get("outputs")).isEqualTo(answer.get("outputs"));
    bytes.putFloat(4, Float.NaN);
    Answer refused = binary("pixels", "FP32", "[1, 3, 64, 64]", bytes.array(), "");
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.json().get("error").asString()).contains("NaN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 422 | inputs",
        "null | 422 | body",
        "{\"inputs\": [null]} | 422 | inputs[0].name",
        "{\"inputs\": [{}, {}]} | 422 | inputs",
        "{\"inputs\": [{\"name\": \"imagf\"}]} | 422 | inputs[0].name",
        "{\"inputs\": [{\"nam\": \"image\"}]} | 422 | inputs[0].nam",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"FP32\"}]} | 422 | inputs[0].datatype",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1, 2]}]} | 422 | inputs[0].shape",
        "{\"inputs\": [{\"name\": \"pixels\", \"datatype\": \"FP32\", \"shape\": [1, 3, 64, 32]}]} | 422 | inputs[0].shape",
        "{\"inputs\": [{\"name\": \"pixels\", \"datatype\": \"FP32\", \"shape\": [0, 3, 64, 64]}]} | 422 | inputs[0].shape",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [33]}]} | 413 |",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1]}]} | 422 | inputs[0].data",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"*\"]}]} | 422 | inputs[0].data",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [true]}]} | 422 | inputs[0].data",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"QQ==\"]}]} | 422 | inputs[0].data",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"QQ==\"]}]} | 415 |",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": {\"binary_data_size\": 5}}]} | 422 | inputs[0].parameters.binary_data_size",
        "{\"inputs\": [], \"outputs\": [{\"name\": \"logits\"}]} | 422 | outputs[0].name",
        "{\"parameters\": {\"tta\": 4}} | 422 | parameters.tta",
        "{\"parameters\": {\"sequence_id\": 4}} | 422 | parameters.sequence_id",
        "{\"inputs\": [ | 400 |",
        "{} {} | 422 | body",
        "`\"text\"` | 422 | body"
      })
  void whatIsWrongIsNamed(String body, int status, String field) {
    Answer answer = http().post(MODEL + "/infer", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    JsonNode problem = answer.json();
    assertThat(problem.get("error")).isEqualTo(problem.get("detail"));
    if (field != null) {
      assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
    }
  }

  @Test
  void limitsAreThoseOfOurOwnRoute() {
    String path = MODEL + "/infer";
    assertThat(http().post(path, "image/png", PICTURE).status()).isEqualTo(415);
    assertThat(http().post("/v2/models/nobody/infer", "{}").status()).isEqualTo(404);
    assertThat(http().get("/v2/models/nobody").json().get("error").asString())
        .isEqualTo("there is no model of this name");
    Map<String, ?> calibrated = Map.of("calibrated", true);
    Map<String, ?> request = Map.of("inputs", List.of(image(PICTURE)), "parameters", calibrated);
    assertThat(http().post(path, request).status()).isEqualTo(409);
    byte[] cut = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(-1).array();
    assertThat(binary("image", "BYTES", "[1]", cut, "").status()).isEqualTo(422);
    String length = "Inference-Header-Content-Length";
    for (String wrong : List.of("-1", "3", "x")) {
      Answer refused = http().post(path, "application/octet-stream", new byte[2], length, wrong);
      assertThat(refused.status()).as(wrong).isEqualTo(422);
    }
    assertThat(http().get("/actuator/prometheus").text())
        .containsPattern("prediction_requests_total\\{.*model=\"protocol\",outcome=\"refused\"");
  }

  /** Needs a Python with tritonclient; skipped without. */
  @Test
  void theClientOfTritonGetsWhatWeAnswer() throws Exception {
    Program present =
        Program.run(Path.of("."), Map.of(), List.of(PYTHON, "-c", "import tritonclient.http"));
    assumeTrue(
        present.exit() == 0,
        PYTHON
            + " has no tritonclient: pip install 'tritonclient[http]', or name another Python in"
            + " ONECYCLE_PYTHON");
    Files.write(folder.resolve("picture"), PICTURE);
    write(folder.resolve("pixels"), pixels(PICTURE));
    String server = http().uri("").getAuthority();
    List<String> command =
        List.of(PYTHON, "src/test/python/ask_by_triton.py", server, NAME, folder.toString());
    String told = Program.run(Path.of("."), Map.of(), command).succeeded();
    JsonNode answers = MAPPER.readTree(told.substring(told.lastIndexOf('\n') + 1));
    for (String way : List.of("bytes", "bytesInJson", "pixels", "pixelsInJson")) {
      JsonNode numbers = answers.get(way);
      double[] theirs = new double[4];
      Arrays.setAll(theirs, i -> numbers.get(i).asDouble());
      assertThat(theirs).as(way).containsExactly(ours("", PICTURE));
    }
    assertThat(answers.get("label").asString()).isIn(LABELS);
    assertThat(answers.get("refusal").asString()).contains("no model of this name");
  }

  private static void write(Path file, float[] numbers) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    Files.write(file, bytes.array());
  }
}
