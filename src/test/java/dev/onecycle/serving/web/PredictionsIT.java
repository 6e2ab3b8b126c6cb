package dev.onecycle.serving.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.LoadedCheckpoint;
import dev.onecycle.checkpoint.States;
import dev.onecycle.evaluation.TestTimeAugmentation;
import dev.onecycle.image.Normalization;
import dev.onecycle.image.Views;
import dev.onecycle.image.decoding.PictureDecoder;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.serving.Admission;
import dev.onecycle.serving.ServingProperties;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class PredictionsIT extends OpenServer {

  private static final List<String> LABELS = List.of("ant", "bee", "cat", "dog", "elk", "fox");
  private static final String NAME = "predicting";
  private static final String PATH = "/api/v1/models/" + NAME + "/predictions";
  private static final byte[] PICTURE = Drawings.png(160, 120, false);

  /** What bfloat16 may move a probability by. */
  private static final double ROUNDING = 0.02;

  private static UUID checkpoint;

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private Admission admission;
  @Autowired private ServingProperties properties;

  @BeforeEach
  void publish() {
    if (checkpoint == null) {
      checkpoint =
          checkpoints.save(store.write(States.manifest(LABELS, null), States.xresnet18(6, 9))).id();
      http().put("/api/v1/models/" + NAME, Map.of("checkpoint", checkpoint));
    }
  }

  private Answer send(String query, byte[] picture) {
    return http().post(PATH + query, "image/png", picture);
  }

  private JsonNode predict(String query, byte[] picture) {
    Answer answer = send(query, picture);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer.json();
  }

  private static Map<String, Double> values(JsonNode prediction, String field) {
    Map<String, Double> values = new LinkedHashMap<>();
    prediction
        .get("predictions")
        .forEach(p -> values.put(p.get("label").asString(), p.get(field).asDouble()));
    return values;
  }

  private Map<String, Double> probabilities(String query, byte[] picture) {
    return values(
        predict(query + (query.isEmpty() ? "?" : "&") + "topK=6", picture), "probability");
  }

  private static void assertClose(Map<String, Double> actual, Map<String, Double> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    expected.forEach((k, v) -> assertThat(actual.get(k)).as(k).isCloseTo(v, within(ROUNDING)));
  }

  /** The validation view through the network by hand, in float32. */
  private Map<String, Double> byHand(byte[] picture) throws Exception {
    LoadedCheckpoint loaded = store.load(checkpoint);
    Views views = Views.of(72, 64, Normalization.imagenet());
    FloatBuffer input = FloatBuffer.allocate(views.length());
    views.validView(PictureDecoder.decode(picture), input, 0);
    float[] logits;
    try (TorchExecutor device = new TorchExecutor(Torch.start(1, null), "test", Device.CPU)) {
      logits =
          device.call(
              () -> {
                try (Network network = new Network(loaded.state(), Numerics.REFERENCE);
                    Scope scope = Scope.open()) {
                  return network.evaluate(Tensor.of(input, 1, 64, 64, 3)).floats();
                }
              });
    }
    double[] probabilities = TestTimeAugmentation.softmax(logits, 0, 6);
    Map<String, Double> byLabel = new LinkedHashMap<>();
    for (int k = 0; k < 6; k++) {
      byLabel.put(LABELS.get(k), probabilities[k]);
    }
    return byLabel;
  }

  @Test
  void aPictureIsPredictedAsTheNetworkSaysByHand() throws Exception {
    JsonNode answer = predict("", PICTURE);
    assertThat(answer.get("model").asString()).isEqualTo(NAME);
    assertThat(answer.get("checkpoint").asString()).isEqualTo(checkpoint.toString());
    assertThat(answer.get("predictions").size()).isEqualTo(5);
    assertThat(answer.at("/predictions/0").has("score")).isFalse();
    assertThat(answer.at("/tta/views").asInt()).isEqualTo(1);
    assertThat(answer.at("/tta/agreement").asDouble()).isEqualTo(1);
    assertThat(answer.get("precision").asString()).isIn("float32", "bfloat16");
    for (String part : List.of("decodeMs", "viewsMs", "queueMs", "inferenceMs")) {
      assertThat(answer.get("timing").get(part).asDouble()).as(part).isNotNegative();
    }
    Map<String, Double> all = probabilities("", PICTURE);
    assertThat(all.values().stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-9));
    assertThat(List.copyOf(all.values())).isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertClose(all, byHand(PICTURE));
    assertThat(all.values()).anyMatch(p -> Math.abs(p - 1.0 / 6) > 2 * ROUNDING);
  }

  @Test
  void aCheckpointPredictsWithoutAModel() {
    String path = "/api/v1/checkpoints/" + checkpoint + "/predictions";
    JsonNode answer = http().post(path, "application/octet-stream", PICTURE).json();
    assertThat(answer.has("model")).isFalse();
    assertThat(answer.get("predictions")).isEqualTo(predict("", PICTURE).get("predictions"));
  }

  @Test
  void aMirrorImageCountsAsMuchAsThePicture() {
    Map<String, Double> plain = probabilities("", PICTURE);
    Map<String, Double> mirrored = probabilities("", Drawings.png(160, 120, true));
    Map<String, Double> mean = new LinkedHashMap<>();
    plain.forEach((label, p) -> mean.put(label, (p + mirrored.get(label)) / 2));
    assertClose(probabilities("?tta=flip", PICTURE), mean);
    assertThat(predict("?tta=flip", PICTURE).at("/tta/views").asInt()).isEqualTo(2);
  }

  @Test
  void theSameBytesGetTheSameAnswer() {
    JsonNode four = predict("?tta=4", PICTURE);
    assertThat(four.at("/tta/views").asInt()).isEqualTo(5);
    assertThat(four.at("/tta/agreement").asDouble()).isBetween(0.0, 1.0);
    assertThat(predict("?tta=4", PICTURE).get("predictions")).isEqualTo(four.get("predictions"));
    assertThat(predict("?tta=4&seed=1", PICTURE).get("predictions"))
        .isNotEqualTo(four.get("predictions"));
    assertThat(predict("?tta=8", PICTURE).at("/tta/views").asInt()).isEqualTo(9);
    assertClose(probabilities("?tta=8&beta=1", PICTURE), probabilities("", PICTURE));
  }

  @Test
  void autoLooksAgainOnlyWhereItIsInDoubt() {
    for (byte[] picture : List.of(PICTURE, Drawings.png(90, 200, true))) {
      JsonNode auto = predict("?tta=auto", picture);
      JsonNode tta = auto.get("tta");
      boolean clear = tta.get("reason").asString().equals("clear");
      assertThat(tta.get("margin").asDouble()).isBetween(clear ? .2 : 0, clear ? 1 : .2);
      assertThat(tta.get("views").asInt()).isEqualTo(clear ? 1 : 5);
      String same = clear ? "?tta=none" : "?tta=4";
      assertClose(probabilities("?tta=auto", picture), probabilities(same, picture));
      assertThat(predict("?tta=auto&budgetMs=60000", picture).get("tta")).isEqualTo(tta);
      JsonNode hurried = predict("?tta=auto&budgetMs=1", picture).get("tta");
      assertThat(hurried.get("reason").asString()).isEqualTo(clear ? "clear" : "budget");
      assertThat(hurried.get("views").asInt()).isEqualTo(1);
    }
    assertThat(predict("", PICTURE).get("tta").has("reason")).isFalse();
  }

  @Test
  void theMaximumIsAScore() {
    JsonNode answer = predict("?tta=4&combine=max&topK=6", PICTURE);
    assertThat(answer.at("/predictions/0").has("probability")).isFalse();
    Map<String, Double> scores = values(answer, "score");
    assertThat(scores.values().stream().mapToDouble(s -> s).sum()).isGreaterThan(1);
    probabilities("", PICTURE)
        .forEach((label, p) -> assertThat(scores.get(label)).isGreaterThan(p - ROUNDING));
  }

  @Test
  void severalPicturesAreAnsweredInOrder() {
    byte[] body =
        new Multipart()
            .file("image", "one.png", PICTURE)
            .file("image", "broken.png", Arrays.copyOf(PICTURE, 60))
            .file("image", "text.png", "no picture".getBytes(UTF_8))
            .file("image", "two.png", Drawings.png(90, 200, true))
            .bytes();
    JsonNode items = http().post(PATH, Multipart.CONTENT_TYPE, body).json().get("items");
    assertThat(items.size()).isEqualTo(4);
    assertClose(values(items.get(0), "probability"), values(predict("", PICTURE), "probability"));
    assertThat(items.at("/1/problem/status").asInt()).isEqualTo(422);
    assertThat(items.at("/2/problem/status").asInt()).isEqualTo(415);
    assertThat(items.get(2).has("predictions")).isFalse();
    assertThat(items.at("/3/file").asString()).isEqualTo("two.png");
    assertThat(items.at("/3/predictions").size()).isEqualTo(5);
    byte[] one = new Multipart().file("image", "one.png", PICTURE).bytes();
    assertThat(http().post(PATH + "?topK=1", Multipart.CONTENT_TYPE, one).json().get("predictions"))
        .isEqualTo(predict("?topK=1", PICTURE).get("predictions"));
  }

  @Test
  void whatIsNoPictureIsRefused() {
    assertThat(send("", Arrays.copyOf(PICTURE, 200)).status()).isEqualTo(422);
    assertThat(send("", "hello".getBytes(UTF_8)).status()).isEqualTo(415);
    assertThat(send("", new byte[0]).status()).isEqualTo(422);
    assertThat(send("", Drawings.hollowPng(30_000, 30_000)).status()).isEqualTo(413);
    assertThat(http().post(PATH, "application/x-www-form-urlencoded", PICTURE).status())
        .isEqualTo(415);
    byte[] none = new Multipart().field("other", "x").bytes();
    assertThat(http().post(PATH, Multipart.CONTENT_TYPE, none).status()).isEqualTo(400);
    Multipart many = new Multipart();
    for (int i = 0; i <= properties.maxPictures(); i++) {
      many.file("image", "x.png", PICTURE);
    }
    assertThat(http().post(PATH, Multipart.CONTENT_TYPE, many.bytes()).status()).isEqualTo(413);
    byte[] cut = new Multipart().file("image", "x", Arrays.copyOf(PICTURE, 200)).bytes();
    assertThat(http().post(PATH, Multipart.CONTENT_TYPE, cut).status()).isEqualTo(422);
  }

  /** Over a bare socket: the answer comes though not a byte of the body was sent. */
  @Test
  void aBodyIsRefusedByItsLength() throws IOException {
    assertThat(answerTo("image/png\r\nContent-Length: 20971521")).contains(" 413 ");
    String tensor = "application/json\r\nContent-Length: 20971521";
    assertThat(answerTo("/v2/models/" + NAME + "/infer", tensor)).contains(" 413 ");
    for (String parts : List.of("multipart/form-data", "Multipart/Form-Data")) {
      String type = parts + "; boundary=x\r\n";
      assertThat(answerTo(type + "Content-Length: 9999999999")).contains(" 413 ");
      assertThat(answerTo(type + "Transfer-Encoding: chunked")).contains(" 411 ");
    }
  }

  /** A byte now and then keeps no place for long: neither a picture's nor a part's. */
  @Test
  void aSlowSenderIsSentAway() throws Exception {
    String length = "\r\nContent-Length: 100000";
    String other = "/api/v1/checkpoints/" + checkpoint + "/predictions";
    try (Socket picture = sender(PATH, "image/png" + length);
        Socket part = sender(other, "multipart/form-data; boundary=x" + length);
        Socket tensor = sender("/v2/models/" + NAME + "/infer", "application/json" + length);
        Socket unwanted = sender(PATH, "application/x-www-form-urlencoded" + length)) {
      for (Socket socket : List.of(picture, part, tensor)) {
        assertThat(answerWhileDripping(socket))
            .contains("HTTP/1.1 408", "the body came too slowly");
      }
      assertThat(answerWhileDripping(unwanted)).as("to its end").contains("HTTP/1.1 415");
    }
    whoComesWhenItIsFullIsToldToComeBack();
  }

  /** What comes until the server ends the connection. */
  private static String answerWhileDripping(Socket socket) throws Exception {
    long begun = System.nanoTime();
    StringBuilder answer = new StringBuilder();
    socket.setSoTimeout(100);
    while (true) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
      try {
        int letter = socket.getInputStream().read();
        if (letter < 0) {
          return answer.toString();
        }
        answer.append((char) letter);
      } catch (SocketTimeoutException e) {
        socket.getOutputStream().write('x');
      } catch (SocketException e) { // it was closed before everything was read
        return answer.toString();
      }
    }
  }

  private String answerTo(String typeAndLength) throws IOException {
    return answerTo(PATH, typeAndLength);
  }

  private String answerTo(String path, String typeAndLength) throws IOException {
    try (Socket socket = sender(path, typeAndLength)) {
      InputStreamReader answer = new InputStreamReader(socket.getInputStream(), UTF_8);
      return new BufferedReader(answer).readLine();
    }
  }

  /** Someone who has sent a prediction's head and not a byte of its body. */
  private Socket sender(String path, String typeAndLength) throws IOException {
    URI uri = http().uri(path);
    Socket socket = new Socket(uri.getHost(), uri.getPort());
    socket.setSoTimeout(10_000);
    String head = "POST " + path + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\n";
    String request = head + "Content-Type: " + typeAndLength + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(UTF_8));
    return socket;
  }

  @Test
  void nonsenseInTheQueryIsNamed() {
    JsonNode problem = send("?tta=3&combine=sum&beta=2&topK=0", PICTURE).json();
    assertThat(problem.get("status").asInt()).isEqualTo(422);
    assertThat(problem.get("errors").findValuesAsString("field"))
        .containsExactly("tta", "combine", "beta", "topK");
    for (String query : List.of("?tta=4&budgetMs=50", "?budgetMs=50", "?tta=auto&budgetMs=0")) {
      assertThat(send(query, PICTURE).json().at("/errors/0/field").asString())
          .isEqualTo("budgetMs");
    }
    assertThat(send("?seed=many", PICTURE).json().at("/errors/0/field").asString())
        .isEqualTo("seed");
  }

  @Test
  void nobodyThereIsNotFound() {
    assertThat(http().post("/api/v1/models/nobody/predictions", "image/png", PICTURE).status())
        .isEqualTo(404);
    String unknown = "/api/v1/checkpoints/" + UUID.randomUUID() + "/predictions";
    assertThat(http().post(unknown, "image/png", PICTURE).status()).isEqualTo(404);
    String nonsense = "/api/v1/checkpoints/5/predictions";
    assertThat(http().post(nonsense, "image/png", PICTURE).status()).isEqualTo(404);
  }

  @Test
  void whoComesWhenItIsFullIsToldToComeBack() {
    for (int i = 0; i < properties.maxRequests(); i++) {
      admission.enter();
    }
    try {
      Answer refused = send("", PICTURE);
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("Retry-After")).isEqualTo("1");
    } finally {
      for (int i = 0; i < properties.maxRequests(); i++) {
        admission.leave();
      }
    }
    assertThat(send("", PICTURE).status()).isEqualTo(200);
  }

  @Test
  void everyRequestIsCounted() {
    predict("", PICTURE);
    send("", new byte[1]);
    String metrics = http().get("/actuator/prometheus").text();
    for (String outcome : List.of("answered", "refused")) {
      assertThat(metrics)
          .containsPattern(
              "onecycle_prediction_requests_total\\{.*model=\"" + NAME + "\",outcome=\"" + outcome);
    }
    for (String timer : List.of("decode", "views", "queue", "inference")) {
      assertThat(metrics).contains("onecycle_prediction_" + timer + "_seconds_bucket");
    }
    assertThat(metrics)
        .contains("onecycle_prediction_batch_size_bucket{le=\"8.0\"}")
        .contains("onecycle_prediction_queue_depth 0.0")
        .containsPattern("onecycle_prediction_classifiers [1-9]");
  }
}
