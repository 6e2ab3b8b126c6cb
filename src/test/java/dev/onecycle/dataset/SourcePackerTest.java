package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class SourcePackerTest {

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
          1_000_000,
          DataSize.ofMegabytes(1));

  @TempDir Path work;
  private final ImportProgress progress = new ImportProgress();

  private PackSummary packSample(long reserve) throws IOException {
    return new SourcePacker(PROPERTIES, null, new DiskSpace(reserve))
        .pack(
            Source.sample(),
            SourcePacker.Sent.nothing(),
            ImportSpec.byDefault(),
            work.resolve("pack"),
            progress)
        .summary();
  }

  @Test
  void packsTheSample() throws IOException {
    assertThat(packSample(0).pictures()).isEqualTo(1_000);
    assertThat(work.resolve("pack")).exists();
    assertThat(progress.now().pictures()).isEqualTo(1_000);
  }

  @Test
  void refusesADiskThatIsTooFullBeforeWriting() {
    assertThatThrownBy(() -> packSample(Long.MAX_VALUE / 2))
        .isInstanceOf(Failure.Unavailable.class)
        .hasMessageContaining("the disk is too full: 2.4 MB needed");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void stopsWhenTold() {
    progress.stop();
    assertThatThrownBy(() -> packSample(0)).isInstanceOf(CancellationException.class);
    assertThat(progress.now().pictures()).isLessThan(1_000);
  }
}
