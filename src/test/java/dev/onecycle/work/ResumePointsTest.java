package dev.onecycle.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.platform.Ids;
import dev.onecycle.platform.OnecycleProperties;
import dev.onecycle.platform.Role;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.recipe.Position;
import dev.onecycle.run.Best;
import dev.onecycle.run.HeardContext;
import dev.onecycle.run.Lease;
import dev.onecycle.run.RunFiles;
import dev.onecycle.run.Superseded;
import dev.onecycle.run.history.EpochRecord;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DirectoryStore;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.torch.OnTorchThread;
import dev.onecycle.training.TinyTraining;
import dev.onecycle.training.TrainingControl;
import dev.onecycle.training.TrainingStateReader;
import dev.onecycle.training.TrainingStateWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OnTorchThread.class)
class ResumePointsTest {

  @TempDir private Path home;

  private final HeardContext run = new HeardContext();
  private BlobStore store;
  private ResumePoints points;

  @BeforeEach
  void open() throws IOException {
    store = new DirectoryStore(home.resolve("store"), new DiskSpace(0), Instant.EPOCH);
    points = points(new DiskSpace(0));
  }

  private ResumePoints points(DiskSpace space) throws IOException {
    return new ResumePoints(
        store,
        space,
        new RunFiles(store),
        new Ids(Clock.systemUTC()),
        new TemporaryFiles(new OnecycleProperties(home, Role.ALL), Clock.systemUTC()));
  }

  @Test
  void keepsTheNewestAndGoesOnFromIt() throws IOException {
    afterEachEpoch(state -> assertThat(keep(points, state)).isTrue());
    assertThat(run.resumePoint.position()).isEqualTo(new Position(1, 2, 0));
    assertThat(run.resumePoint.step()).isEqualTo(12);
    assertThat(kept()).containsExactly(run.resumePoint.state().key());
    assertThat(temporaryFiles()).isEmpty();

    TrainingStateReader state = points.open(run).orElseThrow();
    assertThat(TinyTraining.train(() -> false, state)).isTrue();
    assertThat(run.logs).isEmpty();
  }

  @Test
  void onAFullDiskTheOneBeforeStaysAndTheRunGoesOn() throws IOException {
    ResumePoints full = points(new DiskSpace(Long.MAX_VALUE / 2));
    afterEachEpoch(
        state -> {
          boolean first = state.position().epoch() == 1;
          assertThat(keep(first ? points : full, state)).isEqualTo(first);
        });
    assertThat(run.resumePoint.position()).isEqualTo(new Position(1, 1, 0));
    assertThat(run.logs).singleElement().asString().contains("stays", "disk is too full");
    assertThat(kept()).hasSize(1);
    assertThat(temporaryFiles()).isEmpty();
    assertThat(points.open(run)).isPresent();
  }

  @Test
  void aZombieTakesNothingFromTheAttemptAfterIt() {
    afterEachEpoch(state -> keep(points, state));
    String later = "runs/" + run.run + "/" + (run.attempt() + 1) + "/resume-x.safetensors";
    store.put(later, new ByteArrayInputStream(new byte[] {1}));
    run.superseded = new Superseded(new Lease(run.run, 1));
    assertThatThrownBy(() -> afterEachEpoch(state -> keep(points, state))).isSameAs(run.superseded);
    assertThat(kept()).contains(later, run.resumePoint.state().key());

    run.superseded = null;
    afterEachEpoch(state -> keep(points, state));
    assertThat(kept()).containsExactlyInAnyOrder(later, run.resumePoint.state().key());
  }

  @Test
  void aDamagedOneIsToldAndTheRunBeginsAnew() throws IOException {
    afterEachEpoch(state -> keep(points, state));
    Path file = store.file(run.resumePoint.state());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThat(points.open(run)).isEmpty();
    assertThat(run.resumePoint).isNull();
    assertThat(run.logs).singleElement().asString().contains("begins anew", "damaged");
  }

  @Test
  void soIsOneThatIsGone() {
    afterEachEpoch(state -> keep(points, state));
    kept().forEach(store::delete);
    assertThat(points.open(run)).isEmpty();
    assertThat(run.logs).singleElement().asString().contains("begins anew");
  }

  @Test
  void withoutTheBestWeightsOfBeforeItBeginsAnew() {
    afterEachEpoch(state -> keep(points, state));
    run.best = new Best(new EpochRecord(1, 0, 1, 1.0, 0.5, 1e-3, 1, 100, false), null);
    assertThat(points.open(run)).isEmpty();
    assertThat(run.logs).singleElement().asString().contains("best epoch");
  }

  private boolean keep(ResumePoints points, TrainingStateWriter state) {
    return points.keep(run, state, state.step(), false);
  }

  private static void afterEachEpoch(Consumer<TrainingStateWriter> keep) {
    TinyTraining.train(
        new TrainingControl() {
          @Override
          public boolean stopRequested() {
            return false;
          }

          @Override
          public void keep(TrainingStateWriter state) {
            keep.accept(state);
          }
        },
        null);
  }

  private List<String> kept() {
    return store.list("runs/" + run.run + "/");
  }

  private List<String> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("tmp"))) {
      return files
          .filter(Files::isRegularFile)
          .map(Path::toString)
          .filter(file -> !file.endsWith(".lock"))
          .toList();
    }
  }
}
