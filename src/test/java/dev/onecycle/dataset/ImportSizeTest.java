package dev.onecycle.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.dataset.files.ImportLimits;
import dev.onecycle.dataset.pixels.Audit;
import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportSizeTest {

  @TempDir Path temporary;
  private Path directory;
  private Path pack;

  @BeforeEach
  void realPath() throws IOException {
    directory = temporary.toRealPath().resolve("pictures");
    pack = temporary.resolve("pack");
  }

  /** A kilobyte more for each of them would not fit. */
  @Test
  void twentyThousandPicturesTakeFortyMegabytes() throws Exception {
    TinyPictures.write(directory, 20_000, 200, TinyPictures::noise);
    assertThat(DirectoryImport.inHeapOf(40, directory, pack))
        .isEqualTo("20000 pictures of 200 labels, 0 groups of equal ones, 0 that look alike\n");
  }

  /** Each compared with each would be 200 million comparisons of each kind. */
  @Test
  @Tag("proof")
  void twentyThousandEqualPicturesTakeLessThanAMinute() throws IOException {
    byte[] same = TinyPictures.noise(1);
    TinyPictures.write(directory, 20_000, 10, i -> same);
    long begun = System.nanoTime();
    PackSummary summary = DirectoryImport.of(directory, pack);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMinutes(1));
    List<Audit.Duplicates> equal = summary.audit().exactDuplicates().items();
    assertThat(equal).extracting(Audit.Duplicates::count).containsExactly(20_000);
    assertThat(summary.audit().leaks().count()).isEqualTo(1);
  }

  @Test
  void picturesThatLookAlikeAreOneGroupHoweverMany() throws IOException {
    TinyPictures.write(directory, 3_000, 10, TinyPictures::black);
    PackSummary summary = DirectoryImport.of(directory, pack);
    assertThat(summary.audit().exactDuplicates().count()).isZero();
    assertThat(summary.audit().nearDuplicates().items())
        .extracting(Audit.Duplicates::count)
        .containsExactly(3_000);
  }

  @Test
  void picturesThatThereIsNoMemoryForAreRefusedBeforeItIsGone() {
    long heap = Runtime.getRuntime().maxMemory();
    ImportLimits.requireMemory(heap / 2_000, heap / 20);
    assertThatThrownBy(() -> ImportLimits.requireMemory(heap / 400, heap / 20))
        .isInstanceOf(Failure.Invalid.class)
        .hasMessageContaining("MB of heap > maximum");
    assertThatThrownBy(() -> ImportLimits.requireMemory(1_000, heap / 2))
        .isInstanceOf(Failure.Invalid.class);
  }
}
