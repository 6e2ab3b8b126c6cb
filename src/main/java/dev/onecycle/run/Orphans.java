package dev.onecycle.run;

import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.dataset.Dataset;
import dev.onecycle.dataset.Datasets;
import dev.onecycle.platform.Failure;
import dev.onecycle.run.output.RunOutputs;
import dev.onecycle.store.BlobStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Files in the store that no row knows, as a process leaves them that dies between a row and its
 * file. They are looked for every hour and reported; they are deleted when somebody says so: a
 * process on the wrong database would take every file for one.
 */
@Component
public class Orphans {

  private static final Logger log = LoggerFactory.getLogger(Orphans.class);

  /** A file is written before its row: a young one may be about to get it. */
  private static final Duration YOUNG = Duration.ofHours(1);

  private final BlobStore store;
  private final Checkpoints checkpoints;
  private final Datasets datasets;
  private final Runs runs;
  private final RunOutputs outputs;
  private final Clock clock;
  private volatile double lastCount = Double.NaN;
  private volatile double lastBytes = Double.NaN;

  /** Not started before the first look. */
  private volatile Thread looking = new Thread();

  private volatile long begun;

  Orphans(
      BlobStore store,
      Checkpoints checkpoints,
      Datasets datasets,
      Runs runs,
      RunOutputs outputs,
      Clock clock,
      MeterRegistry meters) {
    this.store = store;
    this.checkpoints = checkpoints;
    this.datasets = datasets;
    this.runs = runs;
    this.outputs = outputs;
    this.clock = clock;
    Gauge.builder("onecycle.store.orphans", this, orphans -> orphans.lastCount)
        .description("files that no row knew when they were last looked for")
        .register(meters);
    Gauge.builder("onecycle.store", this, orphans -> orphans.lastBytes)
        .description("bytes in the store when orphans were last looked for")
        .baseUnit("bytes")
        .register(meters);
  }

  /** A file that no row knows. */
  public record Orphan(String key, long bytes, Instant modified) {}

  /** Returns what is there now, by key. Reads the whole store's keys. */
  public List<Orphan> find() {
    // INVARIANT: files first. A row that is written meanwhile is then seen, and its file is known.
    List<String> keys =
        Stream.of("runs/", "datasets/", "uploads/", "checkpoints/")
            .flatMap(prefix -> store.list(prefix).stream())
            .toList();
    Set<String> known = known();
    Instant young = clock.instant().minus(YOUNG);
    List<Orphan> found =
        keys.stream()
            .filter(key -> !known.contains(key) && !known.contains(folder(key)))
            .flatMap(this::stillThere)
            .filter(orphan -> orphan.modified().isBefore(young))
            .toList();
    lastCount = found.size();
    return found;
  }

  /** Returns the file, unless it was deleted since it was listed. */
  private Stream<Orphan> stillThere(String key) {
    try {
      return Stream.of(new Orphan(key, store.size(key), store.modified(key)));
    } catch (Failure.NotFound e) {
      return Stream.empty();
    }
  }

  /** Deletes what {@link #find} finds, and answers it. */
  public List<Orphan> sweep() {
    List<Orphan> found = find();
    found.forEach(orphan -> store.delete(orphan.key()));
    log.info("{} files that no row knew were deleted", found.size());
    lastCount = 0;
    return found;
  }

  /**
   * Looks in a thread of its own: a slow store must not hold up heartbeats, which share the timer.
   */
  @Scheduled(initialDelay = 10, fixedDelay = 60, timeUnit = TimeUnit.MINUTES)
  void look() {
    if (looking.isAlive()) {
      return;
    }
    begun = System.nanoTime();
    looking = new Thread(this::report, "orphans");
    looking.setDaemon(true);
    looking.start();
  }

  /** Returns for how long it has been looking. */
  Duration looking() {
    return looking.isAlive() ? Duration.ofNanos(System.nanoTime() - begun) : Duration.ZERO;
  }

  private void report() {
    List<Orphan> found;
    try {
      lastBytes = store.bytes();
      found = find();
    } catch (RuntimeException e) {
      log.warn("files that belong to nothing could not be looked for", e);
      return;
    }
    if (!found.isEmpty()) {
      log.warn(
          "{} files in the store belong to nothing, {} bytes: see GET /api/v1/storage/orphans",
          found.size(),
          found.stream().mapToLong(Orphan::bytes).sum());
    }
  }

  /** Keys of files that rows name, and folders in which somebody may be at work. */
  private Set<String> known() {
    Set<String> known = new HashSet<>(checkpoints.weightsKeys());
    known.addAll(outputs.fileKeys());
    runs.unended().forEach(run -> known.add(RunFiles.folder(run)));
    for (Dataset dataset : datasets.findAll()) {
      if (dataset.importing() || !dataset.readable()) {
        known.add("datasets/" + dataset.id() + "/");
      }
      dataset.files().forEach(file -> known.add(file.key()));
    }
    return known;
  }

  /** Returns {@code runs/ID/} of {@code runs/ID/2/best.safetensors}. */
  private static String folder(String key) {
    int owner = key.indexOf('/') + 1;
    return key.substring(0, key.indexOf('/', owner) + 1);
  }
}
