package dev.onecycle.checkpoint.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.States;
import dev.onecycle.checkpoint.export.OnnxModel;
import dev.onecycle.network.StateDict;
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
  void damagedWeightsAreNotExported() throws IOException {
    UUID damaged = checkpoint(States.xresnet18(2, 6));
    Files.write(store.file(store.get(damaged)), new byte[100]);
    assertThat(http().get("/api/v1/checkpoints/" + damaged + "/onnx").status()).isEqualTo(503);
    assertThat(filesLeft("onnx")).isEmpty();
  }

  private static List<Path> filesLeft(String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(HOME.resolve("tmp"))) {
      return files.filter(file -> file.toString().endsWith("." + suffix)).toList();
    }
  }
}
