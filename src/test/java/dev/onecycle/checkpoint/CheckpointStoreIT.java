package dev.onecycle.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.network.ActivationRanges;
import dev.onecycle.network.StateDict;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.recipe.NetworkKind;
import dev.onecycle.store.BlobStore;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.Rows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class CheckpointStoreIT extends OpenServer {

  private static final List<String> LABELS = List.of("a", "b", "c");

  @Autowired private CheckpointStore store;
  @Autowired private JdbcClient jdbc;
  @Autowired private Checkpoints checkpoints;
  @Autowired private BlobStore blobs;
  @Autowired private TemporaryFiles temporary;

  private final StateDict state = States.xresnet18(3, 1);

  @Test
  void whatWasSavedLoadsEqual() throws IOException {
    UUID run = Rows.run(jdbc);
    Manifest manifest =
        new Manifest(
            NetworkKind.plain("xresnet18"),
            LABELS,
            States.manifest(LABELS, null).preprocessing(),
            Map.of("seed", 7, "phases", List.of(Map.of("size", 64))),
            new Metrics(1.5, 0.25, 0.75, null),
            new Origin(run, 2, 0, 5));
    UUID id = checkpoints.save(store.write(manifest, state)).id();
    Checkpoint kept = store.get(id);
    assertThat(kept.manifest())
        .usingRecursiveComparison()
        .ignoringFields("stateSha256", "selfTest")
        .isEqualTo(manifest);
    assertThat(kept.manifest().stateSha256()).matches("[0-9a-f]{64}");
    assertThat(kept.manifest().selfTest().logits())
        .hasSize(SelfTest.PICTURES)
        .allMatch(row -> row.size() == LABELS.size());
    assertThat(kept.runId()).isEqualTo(run);
    assertThat(kept.weights().key()).isEqualTo("runs/" + run + "/2/" + id + ".safetensors");
    LoadedCheckpoint loaded = store.load(id);
    assertThat(loaded.manifest()).isEqualTo(kept.manifest());
    assertThat(loaded.state().layout()).isEqualTo(state.layout());
    state.values().forEach((n, v) -> assertThat(loaded.state().values().get(n)).isEqualTo(v));
    assertThat(temporary.directory())
        .isDirectoryNotContaining(f -> f.toString().endsWith("tensors"));
  }

  @Test
  void whatIsFoundOutLaterIsLoadedWithIt() {
    Checkpoint kept = checkpoints.save(store.write(States.manifest(LABELS, null), state));
    assertThat(store.load(kept.id()).quantization()).isNull();
    ActivationRanges ranges = new ActivationRanges(List.of(-2.1f, 0f), List.of(2.6f, 1e-7f));
    Quantization found = new Quantization(ranges, 0.99609375, 256);
    kept.quantization(found);
    checkpoints.save(kept);
    assertThat(store.load(kept.id()).quantization()).isEqualTo(found);
    assertThat(store.get(kept.id()).manifest()).isEqualTo(kept.manifest());
  }

  /** Of a row from elsewhere, or of a version to come. */
  @Test
  void rangesThatCannotBeReadAreNone() {
    UUID id = checkpoints.save(store.write(States.manifest(LABELS, null), state)).id();
    for (String json :
        List.of("{\"agreement\": 1}", "{\"ranges\": {\"low\": [1], \"high\": [0]}}")) {
      jdbc.sql("update checkpoint set quantization = :json format json where id = :id")
          .param("json", json)
          .param("id", id)
          .update();
      assertThat(store.load(id).quantization()).as(json).isNull();
    }
  }

  @Test
  void aDamagedFileIsNotUsed() throws IOException {
    Checkpoint kept = checkpoints.save(store.write(States.manifest(LABELS, null), state));
    Path file = store.file(kept);
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() - 1);
      int last = bytes.read();
      bytes.seek(bytes.length() - 1);
      bytes.write(last ^ 1);
    }
    assertThatThrownBy(() -> store.load(kept.id()))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void weightsOfAnotherShapeAreRefused() {
    List<String> two = List.of("a", "b");
    assertThatThrownBy(() -> store.write(States.manifest(two, null), state))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessage("weights of xresnet18 with 3 labels for a manifest of xresnet18 with 2");
  }

  @Test
  void aRunsCheckpointsGoWithTheirFiles() {
    UUID run = Rows.run(jdbc);
    for (int epoch = 1; epoch <= 2; epoch++) {
      Manifest manifest = States.manifest(LABELS, new Origin(run, 1, 0, epoch));
      checkpoints.save(store.write(manifest, state));
    }
    assertThat(blobs.list("runs/" + run)).hasSize(2);
    store.deleteOf(run);
    assertThat(checkpoints.findByRunId(run)).isEmpty();
    assertThat(blobs.list("runs/" + run)).isEmpty();
    assertThatThrownBy(() -> store.delete(UUID.randomUUID())).isInstanceOf(Failure.NotFound.class);
  }
}
