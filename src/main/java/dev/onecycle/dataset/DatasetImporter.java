package dev.onecycle.dataset;

import dev.onecycle.dataset.pixels.PackSummary;
import dev.onecycle.platform.Failure;
import dev.onecycle.store.Blob;
import dev.onecycle.store.BlobStore;
import dev.onecycle.store.DiskSpace;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Imports datasets on threads of its own. The rows that are IMPORTING are the queue: a thread
 * claims one, works, and records how it ended. A bell wakes the threads; were it lost, they look
 * again after two seconds. What a killed process left is claimed once its heart has stopped for
 * {@link ImportRecorder#LEASE}.
 */
class DatasetImporter implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DatasetImporter.class);
  private static final long LOOK_AGAIN_MILLIS = 2_000;
  private static final long HEARTBEAT_MILLIS = 1_000;

  private final ImportRecorder recorder;
  private final BlobStore store;
  private final DatasetImport.Places places;
  private final boolean imports;
  private final Semaphore bell = new Semaphore(0);
  private final Map<Claim, ImportProgress> running = new ConcurrentHashMap<>();
  private ExecutorService threads;
  private ScheduledExecutorService heart;
  private volatile boolean started;

  /**
   * @param imports whether this process imports at all
   */
  DatasetImporter(
      ImportRecorder recorder, BlobStore store, DatasetImport.Places places, boolean imports) {
    this.recorder = recorder;
    this.store = store;
    this.places = places;
    this.imports = imports;
  }

  @Override
  public boolean isAutoStartup() {
    return imports;
  }

  /** Says that there is something to import. */
  void ring() {
    bell.release();
  }

  // The heart's future carries nothing: a beat catches what it throws.
  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public void start() {
    started = true;
    AtomicInteger number = new AtomicInteger();
    int size = places.properties().imports();
    threads =
        Executors.newFixedThreadPool(
            size, task -> new Thread(task, "import-" + number.incrementAndGet()));
    heart = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "import-heart"));
    for (int i = 0; i < size; i++) {
      threads.execute(this::work);
    }
    heart.scheduleWithFixedDelay(
        this::beat, HEARTBEAT_MILLIS, HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Stops at the next picture; what is unfinished is given back and begins again at a start. */
  @Override
  public void stop() {
    started = false;
    running.values().forEach(ImportProgress::stop);
    bell.release(places.properties().imports());
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("imports did not stop within 10 s; they begin again at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heart.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  private void work() {
    while (started) {
      try {
        Optional<Claim> claim = recorder.claim();
        if (claim.isPresent()) {
          importOne(claim.get());
        } else {
          awaitBell();
        }
      } catch (RuntimeException e) {
        log.error("imports cannot be claimed; trying again", e);
        awaitBell();
      }
    }
  }

  private void awaitBell() {
    try {
      if (bell.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
        bell.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      started = false;
    }
  }

  private void beat() {
    running.forEach(
        (claim, progress) -> {
          try {
            if (!recorder.advance(claim, progress.now())) {
              progress.stop();
            }
          } catch (RuntimeException e) {
            log.warn("the progress of {} cannot be recorded", claim, e);
          }
        });
  }

  private void importOne(Claim claim) {
    ImportProgress progress = new ImportProgress();
    DatasetImport work = new DatasetImport(claim, places, progress);
    running.put(claim, progress);
    try {
      clearWork(claim);
      requireAttemptsLeft(claim);
      PackSummary summary = work.run();
      Blob archive = store.put(claim.key(), work.pack());
      recorder.advance(claim, progress.now());
      finished(claim, recorder.ready(claim, summary, archive));
      log.info("{} is ready: {} pictures", claim, summary.pictures());
    } catch (CancellationException e) {
      log.info("{} was stopped", claim);
      recorder.release(claim);
    } catch (Failure e) {
      failed(claim, e.getMessage(), e.fix(), progress);
    } catch (IOException e) {
      Failure failure = DiskSpace.failure("the import", e);
      failed(claim, failure.getMessage(), failure.fix(), progress);
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("{} broke", claim, e);
      failed(
          claim, "the import broke inside the service: " + e, "Report it with the log.", progress);
    } finally {
      running.remove(claim);
      clearWork(claim);
    }
  }

  private static void requireAttemptsLeft(Claim claim) {
    if (claim.attempt() > Dataset.MAX_ATTEMPTS) {
      throw new Failure.Invalid(
          "the import was interrupted " + Dataset.MAX_ATTEMPTS + " times",
          "Look into the log for what ends the service, then import again.");
    }
  }

  private void failed(Claim claim, String message, String fix, ImportProgress progress) {
    log.info("{} failed: {}", claim, message);
    clearWork(claim);
    recorder.advance(claim, progress.now());
    finished(claim, recorder.fail(claim, message, fix));
  }

  /** Removes what nobody needs any more; without the claim, only what this attempt made. */
  private void finished(Claim claim, boolean held) {
    if (!held) {
      store.delete(claim.key());
      return;
    }
    for (String key : store.list(Claim.prefix(claim.dataset()))) {
      if (!key.equals(claim.key())) {
        store.delete(key);
      }
    }
    if (claim.uploadFile() != null) {
      delete(places.uploads().resolve(claim.uploadFile()));
    }
  }

  /** Removes what this and earlier attempts left half done on this machine. */
  private void clearWork(Claim claim) {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(places.work(), claim.dataset() + "-*")) {
      left.forEach(DatasetImporter::delete);
    } catch (IOException e) {
      log.warn("{} cannot be listed", places.work(), e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} cannot be deleted", file, e);
    }
  }
}
