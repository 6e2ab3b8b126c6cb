package dev.onecycle.work;

import static java.util.Objects.requireNonNull;

import dev.onecycle.platform.StoredJson;
import dev.onecycle.platform.TemporaryFile;
import dev.onecycle.run.RunContext;
import dev.onecycle.run.output.OutputPart;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The writer of what a run predicts, in numbered parts, each a file of lines that appears in the
 * store whole or not at all. For one thread.
 */
final class PredictionParts implements AutoCloseable {

  /** A part has this many pictures, rounded up to a batch, or what a while has brought. */
  private static final int PICTURES = 4096;

  private final RunContext context;
  private final BlobStore store;
  private final DiskSpace space;
  private final StoredJson json;
  private final TemporaryFile file;
  private final long everyNanos;
  private int number;
  private @Nullable BufferedWriter lines;
  private int pictures;
  private int problems;
  private @Nullable String last;
  private long since = System.nanoTime();

  /**
   * @param file where each part is written before it goes into the store; closed with this
   * @param number of the first part
   * @param every how long a part may take
   */
  PredictionParts(
      RunContext context,
      BlobStore store,
      DiskSpace space,
      StoredJson json,
      TemporaryFile file,
      int number,
      Duration every) {
    this.context = context;
    this.store = store;
    this.space = space;
    this.json = json;
    this.file = file;
    this.number = number;
    this.everyNanos = every.toNanos();
  }

  /** Adds a line. */
  void add(PredictedPicture picture) {
    try {
      if (lines == null) {
        space.require(requireNonNull(file.path().getParent()), 0);
        lines = Files.newBufferedWriter(file.path());
      }
      lines.write(json.write(picture));
      lines.write('\n');
    } catch (IOException e) {
      throw DiskSpace.failure("predictions of run " + context.run(), e);
    }
    pictures++;
    problems += picture.problem() == null ? 0 : 1;
    last = picture.path();
  }

  /** Returns whether it is time to {@link #keep}. */
  boolean due() {
    return pictures >= PICTURES || System.nanoTime() - since >= everyNanos;
  }

  /**
   * Makes what was added count, as the next part.
   *
   * @param step how many steps the run has done with it
   */
  void keep(long step) {
    if (lines == null) {
      return;
    }
    Blob kept;
    try {
      lines.close();
      kept = store.put(key(), file.path());
    } catch (IOException e) {
      throw DiskSpace.failure("predictions of run " + context.run(), e);
    }
    context.output(new OutputPart(number, pictures, problems, requireNonNull(last), kept), step);
    number++;
    lines = null;
    pictures = 0;
    problems = 0;
    since = System.nanoTime();
  }

  private String key() {
    return String.format(
        Locale.ROOT,
        "runs/%s/%d/predictions-%05d.ndjson",
        context.run(),
        context.attempt(),
        number);
  }

  /** Forgets what does not count. */
  @Override
  public void close() throws IOException {
    try (file) {
      if (lines != null) {
        lines.close();
      }
    }
  }
}
