package dev.onecycle.checkpoint.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.network.Network;
import dev.onecycle.network.Numerics;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.Multipart;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SampleImport;
import dev.onecycle.torch.DType;
import dev.onecycle.torch.Device;
import dev.onecycle.torch.Scope;
import dev.onecycle.torch.Tensor;
import dev.onecycle.torch.Torch;
import dev.onecycle.torch.TorchExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/**
 * Weights go to PyTorch and come from it: the same logits on both sides. Needs a Python with torch
 * and safetensors, {@code python3} or the one that ONECYCLE_PYTHON names; skipped without.
 */
class InteropIT extends OpenServer {

  private static final String PYTHON = System.getenv().getOrDefault("ONECYCLE_PYTHON", "python3");
  private static final String MISSES_NONE =
      "from importlib.util import find_spec;"
          + "exit(None in map(find_spec, ('torch', 'safetensors', 'numpy')))";
  private static final String HAS_FASTAI =
      "from importlib.util import find_spec; exit(find_spec('fastai') is None)";
  private static final String SCRIPT = "src/test/python/interop.py";
  private static final int PICTURES = 4;
  private static final int SIZE = 64;

  @TempDir private Path folder;
  @Autowired private CheckpointStore store;
  @Autowired private Torch torch;

  @BeforeAll
  static void needPython() {
    assumeTrue(
        exitCode(List.of(PYTHON, "-c", MISSES_NONE)) == 0,
        PYTHON
            + " has no torch, safetensors and numpy: pip install them, or name another Python in"
            + " ONECYCLE_PYTHON");
  }

  @Test
  void pythonLoadsWhatWasTrainedHere() throws Exception {
    String checkpoint = trained();
    Answer weights = http().get("/api/v1/checkpoints/" + checkpoint + "/weights");
    Files.write(folder.resolve("weights"), weights.bytes());
    float[] theirs = python("read", "xresnet18", 10);
    assertSame(logits(UUID.fromString(checkpoint)), theirs);
  }

  /** A short run's last checkpoint. */
  private String trained() {
    Map<String, ?> request =
        Map.of(
            "dataset",
            SampleImport.into(http()),
            "recipe",
            "smoke",
            "overrides",
            Map.of("itemSize", 48, "phases[0].size", 32, "phases[0].epochs", 1));
    String run = "/api/v1/runs/" + http().post("/api/v1/runs", request).json().get("id").asString();
    await().atMost(Duration.ofMinutes(2)).until(() -> http().get(run).json().has("endedAt"));
    JsonNode ended = http().get(run).json();
    assertThat(ended.get("state").asString()).as(ended.toString()).isEqualTo("SUCCEEDED");
    return ended.get("checkpoint").asString();
  }

  @Test
  void whatPythonWroteIsTakenAndPredictsTheSame() throws Exception {
    float[] theirs = python("write", "xresnet50", 3);
    assertSame(logits(taken("\"architecture\": \"xresnet50\"")), theirs);
  }

  @Test
  void fastaisOwnNetworkIsTakenAndPredictsTheSame() throws Exception {
    assumeTrue(exitCode(List.of(PYTHON, "-c", HAS_FASTAI)) == 0, PYTHON + " has no fastai");
    float[] theirs = python("write", "xse_resnext50", 3);
    UUID checkpoint =
        taken(
            "\"architecture\": \"xse_resnext50\", \"activation\": \"mish\","
                + " \"pooling\": \"maxblur\", \"selfAttention\": true");
    assertSame(logits(checkpoint), theirs);
    JsonNode shown = http().get("/api/v1/checkpoints/" + checkpoint).json();
    assertThat(shown.get("activation").asString()).isEqualTo("mish");
    assertThat(shown.get("selfAttention").asBoolean()).isTrue();
  }

  /** The checkpoint that is made of the weights that Python wrote. */
  private UUID taken(String network) throws IOException {
    String manifest = "{" + network + ", \"labels\": [\"ant\", \"bee\", \"cat\"], \"size\": 64}";
    byte[] body =
        new Multipart()
            .file("weights", "m.safetensors", Files.readAllBytes(folder.resolve("weights")))
            .field("manifest", manifest)
            .bytes();
    Answer created = http().post("/api/v1/checkpoints", Multipart.CONTENT_TYPE, body);
    assertThat(created.status()).as(created.text()).isEqualTo(201);
    return UUID.fromString(created.json().get("id").asString());
  }

  private static void assertSame(float[] ours, float[] theirs) {
    int last = theirs.length - theirs.length / PICTURES;
    assertThat(theirs[0] - theirs[last])
        .as("the softest picture's logit less the loudest's")
        .isNotCloseTo(0, within(0.1f));
    float largest = 10; // attention is cubic in what it sees: its logits are in the hundreds
    for (float logit : theirs) {
      largest = Math.max(largest, Math.abs(logit));
    }
    assertThat(ours).containsExactly(theirs, within(1e-5f * largest));
  }

  /** The script's logits; the weights lie in {@code folder} before or after. */
  private float[] python(String mode, String architecture, int classes) throws IOException {
    Path input = folder.resolve("input");
    byte[] pixels = new byte[4 * input().length];
    ByteBuffer.wrap(pixels).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(input());
    Files.write(input, pixels);
    List<String> command = new ArrayList<>(List.of(PYTHON, SCRIPT, mode, architecture));
    command.addAll(
        List.of(
            Integer.toString(classes),
            folder.resolve("weights").toString(),
            input.toString(),
            folder.resolve("logits").toString()));
    assertThat(exitCode(command)).as("%s", command).isZero();
    byte[] written = Files.readAllBytes(folder.resolve("logits"));
    float[] logits = new float[PICTURES * classes];
    ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(logits);
    return logits;
  }

  /** Noise, louder with each picture; NCHW. */
  private static float[] input() {
    RandomGenerator random = new Seed(11).generator();
    float[] pixels = new float[PICTURES * 3 * SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      int picture = i / (3 * SIZE * SIZE);
      pixels[i] = (float) ((picture + 1) * random.nextGaussian());
    }
    return pixels;
  }

  /** This service's logits, as it serves them in 32 bits. */
  private float[] logits(UUID checkpoint) throws Exception {
    StateDict state = store.load(checkpoint).state();
    try (TorchExecutor executor = new TorchExecutor(torch, "interop", Device.CPU)) {
      return executor.call(
          () -> {
            try (Scope scope = Scope.open();
                Network network = new Network(state, Numerics.fast(DType.FLOAT32))) {
              Tensor pictures = Tensor.of(nhwc(input()), PICTURES, SIZE, SIZE, 3);
              return network.evaluate(pictures).floats();
            }
          });
    }
  }

  private static float[] nhwc(float[] nchw) {
    float[] turned = new float[nchw.length];
    int area = SIZE * SIZE;
    for (int i = 0; i < nchw.length; i++) {
      int picture = i / (3 * area);
      int channel = i / area % 3;
      turned[(picture * area + i % area) * 3 + channel] = nchw[i];
    }
    return turned;
  }

  private static int exitCode(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      return process.waitFor(2, TimeUnit.MINUTES) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
