package dev.onecycle.work;

import dev.onecycle.dataset.DatasetIntake;
import dev.onecycle.dataset.DatasetLook;
import dev.onecycle.dataset.ImportSpec;
import dev.onecycle.dataset.ImportWatch;
import dev.onecycle.dataset.Progress;
import dev.onecycle.dataset.Source;
import dev.onecycle.dataset.SourcePacker;
import dev.onecycle.platform.Failure;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** Looks at sources before they are imported: how they would be understood. */
@Component
public class DatasetLooks {

  /** Each reads as much as an import does, and its caller waits for it. */
  private final Semaphore atOnce = new Semaphore(2);

  private final DatasetIntake intake;
  private final SourcePacker packer;
  private final TemporaryFiles temporary;

  DatasetLooks(DatasetIntake intake, SourcePacker packer, TemporaryFiles temporary) {
    this.intake = intake;
    this.packer = packer;
    this.temporary = temporary;
  }

  private static final class Unwatched implements ImportWatch {
    @Override
    public boolean stopRequested() {
      return false;
    }

    @Override
    public void progress(Progress now) {
      // Nobody is told.
    }
  }

  /**
   * Says how a source would be understood; keeps nothing.
   *
   * @throws Failure.Invalid for a source that could not be imported
   * @throws Failure.Overloaded while two others are looked at
   */
  public DatasetLook look(Source source, ImportSpec spec) throws IOException {
    intake.requireReadable(source);
    return look(source, SourcePacker.Sent.nothing(), spec);
  }

  /** As {@link #look(Source, ImportSpec)}, for what was uploaded. */
  public DatasetLook look(Source source, SourcePacker.Sent sent, ImportSpec spec)
      throws IOException {
    if (!atOnce.tryAcquire()) {
      throw new Failure.Overloaded("two sources are looked at already", Duration.ofSeconds(10));
    }
    try (TemporaryFile scratch = temporary.file(".look")) {
      return packer.look(source, sent, spec, scratch.path(), new Unwatched());
    } finally {
      atOnce.release();
    }
  }
}
