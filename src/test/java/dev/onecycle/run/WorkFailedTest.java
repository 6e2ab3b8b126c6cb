package dev.onecycle.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.onecycle.platform.Failure;
import dev.onecycle.run.RunFailure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class WorkFailedTest {

  @Test
  void tellsTheKindOfFailureFromWhatWasThrown() {
    assertThat(kind(new OutOfMemoryError("heap"))).isEqualTo(Kind.OUT_OF_MEMORY);
    assertThat(kind(new Failure.Invalid("no labels"))).isEqualTo(Kind.DATA);
    assertThat(kind(new Failure.NotFound("no dataset"))).isEqualTo(Kind.DATA);
    assertThat(kind(new Failure.Unavailable("no room", null, null))).isEqualTo(Kind.STORAGE);
    assertThat(kind(new FileSystemException("f", null, "No space left on device")))
        .isEqualTo(Kind.STORAGE);
    assertThat(kind(new IOException("No space left on device"))).isEqualTo(Kind.STORAGE);
    assertThat(kind(new IOException("broken pipe"))).isEqualTo(Kind.INTERNAL);
    assertThat(kind(new IllegalStateException("a bug"))).isEqualTo(Kind.INTERNAL);
  }

  @Test
  void looksIntoCauses() {
    assertThat(kind(new ExecutionException(new OutOfMemoryError("heap"))))
        .isEqualTo(Kind.OUT_OF_MEMORY);
    assertThat(kind(new UncheckedIOException(new IOException("No space left on device"))))
        .isEqualTo(Kind.STORAGE);
  }

  @Test
  void keepsWhatTheWorkItselfKnew() {
    WorkFailed diverged =
        new WorkFailed(Kind.DIVERGED, "loss is NaN at step 7", "Lower learningRate.", null);
    assertThat(WorkFailed.of(new RuntimeException(diverged)))
        .isEqualTo(new RunFailure(Kind.DIVERGED, "loss is NaN at step 7", "Lower learningRate."));
  }

  @Test
  void keepsAFailuresWordsAndRemedy() {
    RunFailure told = WorkFailed.of(new Failure.Conflict("dataset is FAILED", "Import it again."));
    assertThat(told).isEqualTo(new RunFailure(Kind.DATA, "dataset is FAILED", "Import it again."));
  }

  @Test
  void namesNoFoldersOfThisMachine() {
    assertThat(WorkFailed.of(new IOException("/srv/home/store/a")).message())
        .isEqualTo("java.io.IOException: a");
    assertThat(
            WorkFailed.of(new FileSystemException("/srv/a", null, "No space left on device"))
                .message())
        .isEqualTo("no room on the disk");
  }

  @Test
  void boundsTheMessage() {
    assertThat(WorkFailed.of(new IllegalStateException("x".repeat(10_000))).message())
        .hasSizeLessThanOrEqualTo(2_000);
  }

  private static Kind kind(Throwable thrown) {
    return WorkFailed.of(thrown).kind();
  }
}
