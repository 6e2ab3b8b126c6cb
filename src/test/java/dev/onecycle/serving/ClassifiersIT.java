package dev.onecycle.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.onecycle.checkpoint.CheckpointStore;
import dev.onecycle.checkpoint.Checkpoints;
import dev.onecycle.checkpoint.Quantization;
import dev.onecycle.checkpoint.States;
import dev.onecycle.network.ActivationRanges;
import dev.onecycle.platform.Failure;
import dev.onecycle.testing.OpenServer;
import dev.onecycle.testing.SettableClock;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

class ClassifiersIT extends OpenServer {

  @Autowired private CheckpointStore store;
  @Autowired private Checkpoints checkpoints;
  @Autowired private ServingDevice device;
  @Autowired private EightBits eightBits;
  @Autowired private PredictionMetrics metrics;
  @Autowired private Classifiers shared;
  @Autowired private TransactionTemplate transactions;

  private final SettableClock clock = new SettableClock(Instant.EPOCH);
  private Classifiers classifiers;

  @BeforeEach
  void roomForTwo() {
    ServingProperties properties =
        new ServingProperties(
            "cpu",
            ServingProperties.Precision.FLOAT32,
            1,
            1,
            Duration.ZERO,
            1,
            DataSize.ofMegabytes(1),
            1,
            1,
            2,
            Duration.ofMinutes(10));
    classifiers = new Classifiers(store, device, eightBits, properties, metrics, clock);
  }

  @AfterEach
  void free() {
    classifiers.close();
  }

  private UUID checkpoint(long seed) {
    return checkpoints
        .save(store.write(States.manifest(List.of("a", "b"), null), States.xresnet18(2, seed)))
        .id();
  }

  private float[] logits(Classifier classifier) {
    List<FloatBuffer> black = List.of(FloatBuffer.allocate(64 * 64 * 3));
    return device.executor().submit(() -> classifier.logits(black)).join();
  }

  @Test
  void isLoadedOnceHoweverManyAsk() {
    UUID id = checkpoint(1);
    List<CompletableFuture<Classifier>> asking =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> classifiers.acquire(id)))
            .toList();
    List<Classifier> got = asking.stream().map(CompletableFuture::join).toList();
    assertThat(got).allMatch(c -> c == got.get(0));
    got.forEach(Classifier::release);
  }

  @Test
  void theLeastRecentlyUsedGoesButItsUserGoesOn() {
    UUID first = checkpoint(1);
    UUID second = checkpoint(2);
    UUID third = checkpoint(3);
    Classifier used = classifiers.acquire(first);
    float[] before = logits(used);
    classifiers.acquire(second).release();
    classifiers.acquire(third).release();
    assertThat(classifiers.size()).isEqualTo(2);
    assertThat(logits(used)).isEqualTo(before);
    used.release();
    assertThat(used.retain()).isFalse();
    Classifier again = classifiers.acquire(first);
    assertThat(again).isNotSameAs(used);
    assertThat(logits(again)).isEqualTo(before);
    again.release();
  }

  @Test
  void theUnusedLeaveMemory() {
    UUID old = checkpoint(1);
    UUID fresh = checkpoint(2);
    Classifier forgotten = classifiers.acquire(old);
    forgotten.release();
    clock.advance(Duration.ofMinutes(9));
    classifiers.acquire(fresh).release();
    clock.advance(Duration.ofMinutes(2));
    classifiers.unloadUnused();
    assertThat(classifiers.size()).isEqualTo(1);
    assertThat(forgotten.retain()).isFalse();
  }

  @Test
  void whatMayPredictInEightBitsFromNowOnIsLoadedAnew() {
    UUID id = checkpoint(1);
    Classifier before = shared.acquire(id);
    before.release();
    ActivationRanges ranges = new ActivationRanges(List.of(0f), List.of(1f));
    transactions.executeWithoutResult(
        transaction -> store.quantized(id, new Quantization(ranges, 1, 256)));
    assertThat(before.retain()).isFalse();
    Classifier after = shared.acquire(id);
    assertThat(after).isNotSameAs(before);
    after.release();
  }

  @Test
  void whatCannotBeLoadedIsTriedAgain() {
    UUID nobody = UUID.randomUUID();
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> classifiers.acquire(nobody)).isInstanceOf(Failure.NotFound.class);
      assertThat(classifiers.size()).isZero();
    }
  }
}
