package dev.onecycle.dataset.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.onecycle.layout.PicturePath;
import dev.onecycle.platform.Failure;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever an archive holds, reading it ends, with pictures or a {@link Failure}. */
class ArchiveFuzzTest {

  private static final ImportLimits LIMITS =
      new ImportLimits(1_000, 1_000_000, 20_000_000, 200, 1_000_000);

  /** Of archives of a few KB. The decoder of xz may take 128 MB for its dictionary. */
  private static final Duration MOST_CPU = Duration.ofSeconds(2);

  private static final long MOST_MEMORY = 160 << 20;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path directory;

  @Test
  void brokenArchivesAreAnswered() throws IOException {
    fuzz(2_000);
  }

  @Test
  @Tag("proof")
  void manyBrokenArchivesAreAnswered() throws IOException {
    fuzz(20_000);
  }

  private void fuzz(int archives) throws IOException {
    Path file = directory.resolve("archive");
    int read = 0;
    int refused = 0;
    Counting pictures = new Counting();
    for (int seed = 0; seed < archives; seed++) {
      Files.write(file, ArchiveForge.next(new SplittableRandom(seed)));
      long cpu = threads.getCurrentThreadCpuTime();
      long memory = threads.getCurrentThreadAllocatedBytes();
      try {
        ArchiveFiles.open(file, LIMITS, null).visit(pictures);
        read++;
      } catch (Failure.Invalid | Failure.Unsupported e) {
        assertThat(e.getMessage()).as("archive " + seed).isNotBlank().doesNotContain("null");
        assertThat(e.getMessage()).doesNotContain(directory.toString());
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("archive " + seed, e);
      }
      assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu))
          .as("archive " + seed)
          .isLessThan(MOST_CPU);
      assertThat(threads.getCurrentThreadAllocatedBytes() - memory)
          .as("archive " + seed)
          .isLessThan(MOST_MEMORY);
    }
    assertThat(read).isGreaterThan(archives / 10);
    assertThat(refused).isGreaterThan(archives / 10);
    assertThat(pictures.shown).isGreaterThan(archives / 10);
    assertThat(pictures.leftOut).isGreaterThan(archives / 10);
  }

  private static final class Counting implements PictureFiles.Visitor {
    private int shown;
    private int leftOut;

    @Override
    public void folder(PicturePath path) {}

    @Override
    public boolean wants(PicturePath path) {
      return path.isPicture();
    }

    @Override
    public void picture(PicturePath path, byte[] bytes) {
      assertThat(bytes.length).isLessThanOrEqualTo(LIMITS.maxPicture());
      shown++;
    }

    @Override
    public void sameAs(PicturePath path, String earlier) {
      leftOut++;
    }

    @Override
    public void leftOut(PicturePath path, String why) {
      assertThat(why).isNotBlank();
      leftOut++;
    }

    @Override
    public void note(String warning) {}

    @Override
    public void advanced(long bytes) {
      assertThat(bytes).isNotNegative();
    }
  }
}
