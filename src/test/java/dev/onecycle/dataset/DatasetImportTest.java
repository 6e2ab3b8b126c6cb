package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.dataset.pixels.SplitSpec;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class DatasetImportTest {

  private static final DatasetProperties PROPERTIES =
      new DatasetProperties(
          List.of(),
          DataSize.ofMegabytes(10),
          DataSize.ofMegabytes(10),
          DataSize.ofMegabytes(1),
          1_000,
          100,
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          1,
          1,
          DataSize.ofMegabytes(1));

  @TempDir Path work;
  private final ImportProgress progress = new ImportProgress();

  private DatasetImport sample(long reserve) {
    Claim claim = new Claim(new UUID(0, 1), 1, Source.sample(), null, SplitSpec.byDefault());
    DiskSpace space = new DiskSpace(reserve);
    return new DatasetImport(
        claim, new DatasetImport.Places(work, work, PROPERTIES, null, space), progress);
  }

  @Test
  void packsTheSample() throws IOException {
    DatasetImport sample = sample(0);
    PackSummary summary = sample.run();
    assertThat(summary.pictures()).isEqualTo(1_000);
    assertThat(sample.pack()).exists();
    assertThat(progress.now().pictures()).isEqualTo(1_000);
  }

  @Test
  void refusesADiskThatIsTooFullBeforeWriting() {
    DatasetImport sample = sample(Long.MAX_VALUE / 2);
    assertThatThrownBy(sample::run)
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("the disk is too full: 2.4 MB needed");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void stopsWhenTold() {
    progress.stop();
    assertThatThrownBy(sample(0)::run).isInstanceOf(CancellationException.class);
    assertThat(progress.now().pictures()).isLessThan(1_000);
  }
}
