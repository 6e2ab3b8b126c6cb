package dev.onecycle.checkpoint.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.Checkpoint;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Manifest;
import dev.onecycle.checkpoint.Preprocessing;
import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.export.HubFolder;
import dev.onecycle.checkpoint.export.OnnxModel;
import dev.onecycle.checkpoint.format.SafetensorsReader;
import dev.onecycle.image.Normalization;
import dev.onecycle.network.Architecture;
import dev.onecycle.network.Initialization;
import dev.onecycle.network.Layout;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Seed;
import dev.onecycle.recipe.Activation;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.recipe.Pooling;
import dev.onecycle.testing.Http.Answer;
import dev.onecycle.testing.OpenServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Checkpoints in the forms of others. */
class ExportIT extends OpenServer {

  private static final List<String> LABELS = List.of("ant", "bee");

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;

  private UUID checkpoint(StateDict state) {
    return checkpoints.save(store.write(States.manifest(LABELS, null), state)).id();
  }

  @Test
  void aModelOfOnnxIsMadeOfACheckpoint() throws IOException {
    StateDict state = States.xresnet18(2, 5);
    String path = "/api/v1/checkpoints/" + checkpoint(state) + "/onnx?labels=true&resize=true";
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    OnnxModel.Options options = new OnnxModel.Options(false, true, true);
    new OnnxModel(States.manifest(LABELS, null), options, state.values()::get).write(expected);

    Answer whole = http().get(path);
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.bytes()).isEqualTo(expected.toByteArray());
    assertThat(whole.header("Content-Disposition")).endsWith(".onnx\"");
    String tag = whole.header("ETag");
    assertThat(http().get(path.replace("&resize=true", "")).header("ETag")).isNotEqualTo(tag);

    Answer part = http().get(path, "Range", "bytes=10-19", "If-Range", tag);
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(whole.bytes(), 10, 20));
    assertThat(http().get(path, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(http().get(path, "If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(http().get(path, "Range", "bytes=999999999-").status()).isEqualTo(416);
    assertThat(http().get(path.replace("labels=true", "labels=1")).status()).isEqualTo(422);
    assertThat(filesLeft("onnx")).isEmpty();
  }

  @Test
  void aFolderForTheHubIsMadeOfACheckpoint() throws IOException {
    UUID id = checkpoint(States.xresnet18(2, 7));
    String path = "/api/v1/checkpoints/" + id + "/hub";
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    new HubFolder(store.get(id).manifest(), null)
        .write(SafetensorsReader.read(store.file(store.get(id))).arrays(), expected);

    Answer whole = http().get(path);
    assertThat(whole.status()).isEqualTo(200);
    assertThat(whole.bytes()).isEqualTo(expected.toByteArray());
    assertThat(whole.header("Content-Disposition")).endsWith(".zip\"");
    String tag = whole.header("ETag");
    assertThat(http().get(path, "If-None-Match", tag).status()).isEqualTo(304);
    assertThat(http().get(path, "If-Match", "\"other\"").status()).isEqualTo(412);
    assertThat(http().get(path, "Range", "bytes=0-3", "If-Range", tag).status()).isEqualTo(206);
    assertThat(http().get(path, "Range", "bytes=999999999-").status()).isEqualTo(416);
    assertThat(filesLeft("zip")).isEmpty();

    Checkpoint evaluated = store.get(id);
    evaluated.ttaAccuracy(0.75);
    checkpoints.save(evaluated);
    Answer anew = http().get(path, "If-None-Match", tag);
    assertThat(anew.status()).as("its card has changed").isEqualTo(200);
    assertThat(new String(anew.bytes(), UTF_8)).contains("test-time augmentation | 75.00 %");
  }

  @Test
  void whatHasNoSuchFormIsRefused() {
    NetworkKind mish = new NetworkKind("xresnet18", Activation.MISH, Pooling.MAX, false);
    StateDict state = Initialization.random(Layout.of(Architecture.of(mish), 2), new Seed(1));
    Preprocessing made = new Preprocessing(64, 64, Normalization.none());
    Manifest manifest = new Manifest(mish, LABELS, made, null, null, null);
    UUID other = checkpoints.save(store.write(manifest, state)).id();
    Answer refused = http().get("/api/v1/checkpoints/" + other + "/hub");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text()).contains("xresnet18 mish", "/weights");

    Manifest headless = States.manifest(List.of(), null);
    UUID body = checkpoints.save(store.write(headless, States.xresnet18(0, 1))).id();
    assertThat(http().get("/api/v1/checkpoints/" + body + "/hub").status()).isEqualTo(200);
    assertThat(http().get("/api/v1/checkpoints/" + body + "/onnx").status()).isEqualTo(409);
  }

  @Test
  void damagedWeightsAreNotExported() throws IOException {
    UUID damaged = checkpoint(States.xresnet18(2, 6));
    Files.write(store.file(store.get(damaged)), new byte[100]);
    assertThat(http().get("/api/v1/checkpoints/" + damaged + "/onnx").status()).isEqualTo(503);
    assertThat(http().get("/api/v1/checkpoints/" + damaged + "/hub").status()).isEqualTo(503);
    assertThat(filesLeft("onnx")).isEmpty();
    assertThat(filesLeft("zip")).isEmpty();
  }

  private static List<Path> filesLeft(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(HOME.resolve("tmp"))) {
      return files.filter(file -> file.toString().endsWith("." + suffix)).toList();
    }
  }
}
