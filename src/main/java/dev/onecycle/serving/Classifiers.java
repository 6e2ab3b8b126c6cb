package dev.onecycle.serving;

import dev.onecycle.checkpoint.CheckpointDeleted;
import dev.onecycle.checkpoint.CheckpointQuantized;
import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.platform.Failure;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * The classifiers in the device's memory: loaded when first asked for, once however many ask; the
 * least recently used goes when there are too many, and each when it has not been used for a while.
 * A classifier that goes stays alive until its last user has released it.
 */
@Component
class Classifiers {

  /** A classifier, or the attempt to load it, and when it was last asked for. */
  private record Entry(CompletableFuture<Classifier> classifier, Instant lastUse) {}

  private final CheckpointStore checkpoints;
  private final ServingDevice device;
  private final EightBits eightBits;
  private final int maximum;
  private final Duration unloadAfter;
  private final Clock clock;

  /** Least recently used first. */
  private final Map<UUID, Entry> entries = new LinkedHashMap<>();

  /** Held by whoever loads: one at a time, so that weights do not fill the heap. */
  private final Lock oneLoads = new ReentrantLock();

  Classifiers(
      CheckpointStore checkpoints,
      ServingDevice device,
      EightBits eightBits,
      ServingProperties properties,
      PredictionMetrics metrics,
      Clock clock) {
    this.checkpoints = checkpoints;
    this.device = device;
    this.eightBits = eightBits;
    this.maximum = properties.maxClassifiers();
    this.unloadAfter = properties.unloadAfter();
    this.clock = clock;
    metrics.classifiers(this::size);
  }

  /**
   * Returns the classifier of a checkpoint, retained: the caller releases it.
   *
   * @throws Failure.NotFound if there is no such checkpoint
   * @throws Failure.Invalid if it is a body without a head
   * @throws Failure.Unavailable if it cannot be loaded
   */
  Classifier acquire(UUID checkpoint) {
    while (true) {
      CompletableFuture<Classifier> loading = new CompletableFuture<>();
      CompletableFuture<Classifier> found = use(checkpoint, loading);
      if (found == loading) {
        return load(checkpoint, loading);
      }
      Classifier classifier = await(found);
      if (classifier.retain()) {
        return classifier;
      }
      // It went between being found and being retained: load it anew.
    }
  }

  private CompletableFuture<Classifier> use(
      UUID checkpoint, CompletableFuture<Classifier> ifAbsent) {
    List<Entry> gone = new ArrayList<>();
    CompletableFuture<Classifier> found;
    synchronized (entries) {
      Entry entry = entries.remove(checkpoint);
      found = entry == null ? ifAbsent : entry.classifier;
      entries.put(checkpoint, new Entry(found, clock.instant()));
      Iterator<Entry> oldest = entries.values().iterator();
      while (entries.size() - gone.size() > maximum) {
        gone.add(oldest.next());
      }
      entries.values().removeAll(gone);
    }
    gone.forEach(Classifiers::unload);
    return found;
  }

  private Classifier load(UUID checkpoint, CompletableFuture<Classifier> loading) {
    oneLoads.lock();
    try {
      requireHead(checkpoint);
      Classifier loaded =
          Classifier.load(
              checkpoints.load(checkpoint), device.executor(), device.precision(), eightBits);
      loaded.retain();
      loading.complete(loaded);
      return loaded;
    } catch (RuntimeException | Error e) {
      synchronized (entries) {
        entries.values().removeIf(entry -> entry.classifier == loading);
      }
      loading.completeExceptionally(e);
      device.heard(e);
      throw e;
    } finally {
      oneLoads.unlock();
    }
  }

  private void requireHead(UUID checkpoint) {
    if (checkpoints.get(checkpoint).manifest().isBody()) {
      throw new Failure.Invalid(
          "checkpoint " + checkpoint + " is a body without labels, which predicts nothing",
          "Train a run from it, and serve what that makes.");
    }
  }

  private static Classifier await(CompletableFuture<Classifier> classifier) {
    try {
      return classifier.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  @TransactionalEventListener
  void forget(CheckpointDeleted deleted) {
    forget(deleted.id());
  }

  /** What is asked for next is loaded anew, now that it may predict in 8 bits. */
  @TransactionalEventListener
  void forget(CheckpointQuantized quantized) {
    forget(quantized.id());
  }

  private void forget(UUID checkpoint) {
    Entry gone;
    synchronized (entries) {
      gone = entries.remove(checkpoint);
    }
    if (gone != null) {
      unload(gone);
    }
  }

  /** Frees the memory of those that nobody asked for in a while. */
  @Scheduled(fixedDelayString = "PT1M")
  void unloadUnused() {
    Instant longAgo = clock.instant().minus(unloadAfter);
    List<Entry> gone;
    synchronized (entries) {
      gone = entries.values().stream().filter(e -> e.lastUse.isBefore(longAgo)).toList();
      entries.values().removeAll(gone);
    }
    gone.forEach(Classifiers::unload);
  }

  @PreDestroy
  void close() {
    List<Entry> all;
    synchronized (entries) {
      all = List.copyOf(entries.values());
      entries.clear();
    }
    all.forEach(Classifiers::unload);
  }

  /** Returns how many are loaded or being loaded. */
  int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  private static void unload(Entry entry) {
    // Also when it is still being loaded; a load that failed has nothing to release.
    CompletableFuture<Void> unused = entry.classifier.thenAccept(Classifier::release);
  }
}
