package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.Failure;
import dev.onecycle.platform.Ids;
import dev.onecycle.platform.Reason;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.platform.TemporaryFiles;
import dev.onecycle.run.Best;
import dev.onecycle.run.ResumePoint;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.RunFiles;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import dev.onecycle.training.TrainingStateReader;
import dev.onecycle.training.TrainingStateWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The keeper of the newest state of each run's training, in the store. A resume point saves time
 * and nothing else: where none can be written the run goes on, where none can be read it begins
 * anew.
 */
@Component
class ResumePoints {

  private static final Logger log = LoggerFactory.getLogger(ResumePoints.class);

  /** Together five minutes. */
  private static final int MOST_TRIES = 60;

  private static final long BETWEEN_TRIES_MILLIS = 5_000;

  private final BlobStore store;
  private final DiskSpace space;
  private final RunFiles files;
  private final Ids ids;
  private final TemporaryFiles temporary;

  ResumePoints(
      BlobStore store, DiskSpace space, RunFiles files, Ids ids, TemporaryFiles temporary) {
    this.store = store;
    this.space = space;
    this.files = files;
    this.ids = ids;
    this.temporary = temporary;
  }

  /**
   * Returns the state to go on from; empty for a run that begins, or whose state is damaged or
   * gone.
   */
  Optional<TrainingStateReader> open(RunContext context) {
    ResumePoint point = context.resumePoint();
    if (point == null) {
      return Optional.empty();
    }
    try {
      Best best = context.best();
      if (best != null && best.checkpoint() == null) {
        throw new Failure.NotFound("the weights of its best epoch are gone");
      }
      return Optional.of(read(context, requireNonNull(point.state())).at(point.position()));
    } catch (Failure.NotFound | Failure.Invalid | IOException e) {
      String reason = e instanceof IOException io ? Reason.of(io) : e.getMessage();
      context.goBack(null, "cannot go on from its resume point and begins anew: " + reason);
      return Optional.empty();
    }
  }

  /** Waits for a store that is away for a while: all of the training so far depends on it. */
  private TrainingStateReader read(RunContext context, Blob state) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        if (!store.intact(state)) {
          throw new Failure.NotFound("its file is damaged");
        }
        return TrainingStateReader.read(store.file(state));
      } catch (Failure.Unavailable e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        log.warn("run {}: its resume point cannot be read yet: {}", context.run(), e.getMessage());
        pause(context);
      }
    }
  }

  private static void pause(RunContext context) {
    if (context.stopRequested()) {
      throw new CancellationException("a stop was requested");
    }
    try {
      Thread.sleep(BETWEEN_TRIES_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the store", e);
    }
  }

  /**
   * Keeps a training's state in place of the one before.
   *
   * @param step steps done in the whole run
   * @return false if it could not be written, which the run is told; the one before stays then
   */
  boolean keep(RunContext context, TrainingStateWriter state, long step, boolean halved) {
    Blob written;
    try {
      written = write(context, state);
    } catch (Failure.Unavailable e) {
      context.log("the resume point before this one stays: " + e.getMessage());
      return false;
    }
    // Where this fails the file stays: the row may name it all the same, its answer being lost.
    context.resumePoint(
        new ResumePoint(context.attempt(), state.position(), step, halved, written));
    try {
      files.deleteResumePoints(context.run(), context.attempt(), written.key());
    } catch (Failure e) {
      log.warn("run {}: older resume points stay for now: {}", context.run(), e.getMessage());
    }
    return true;
  }

  private Blob write(RunContext context, TrainingStateWriter state) {
    long begun = System.nanoTime();
    try (TemporaryFile file = temporary.file(".safetensors")) {
      space.require(temporary.directory(), state.bytes());
      state.write(file.path());
      Blob blob =
          store.putAway(
              RunFiles.resumePoint(context.run(), context.attempt(), ids.next()), file.path());
      long took = (System.nanoTime() - begun) / 1_000_000;
      log.debug("run {}: kept {} bytes in {} ms", context.run(), blob.size(), took);
      return blob;
    } catch (IOException e) {
      throw DiskSpace.failure("a resume point of run " + context.run(), e);
    }
  }
}
